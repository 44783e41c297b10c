/**
 * Says what a file is, without keys, wallet or policy: our documents, sealed files, PSBTs, raw transactions,
 * descriptors. It believes nothing: whose signature counts is for a policy to say, here they are only verified.
 */
import * as z from "zod";
import { formatAmount } from "../core/amount.ts";
import { nativeAsset } from "../core/asset.ts";
import { counted } from "../core/count.ts";
import { parseCanonical, type Json, type JsonObject } from "../core/canonical.ts";
import { NETWORKS, type Network } from "../core/chain.ts";
import { fromEmbedded, kindOf, type Document, type DocumentHeader } from "../core/document.ts";
import { DOCUMENT_TYPES } from "../core/documents/kinds.ts";
import { type Plan } from "../core/documents/plan.ts";
import { declareError } from "../core/errors.ts";
import { networkField } from "../core/fields.ts";
import { fromBase64 } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { verifySignature } from "../core/signature.ts";
import {
  formatKeyExpression,
  inspectBitcoin,
  parseDescriptor,
  summaryOf as summaryOfBitcoin,
} from "./bitcoin/index.ts";
import { inspectBytes, looksEvm } from "./evm/inspect/bytes.ts";
import { looksTyped, typedDataSummary } from "./evm/inspect/typed-data.ts";
import { leavesChange, summaryOfPlan } from "./plan-summary.ts";
import { wordsFor } from "./evm/clear-signing/of-summary.ts";
import type { PinnedDescriptor } from "./evm/clear-signing/pins.ts";
import type { Fact, Summary } from "./summary.ts";

export { openPinned, parsePins } from "./evm/clear-signing/pins.ts";

export const INSPECT_KIND_UNKNOWN = declareError(
  "INSPECT_KIND_UNKNOWN",
  "invalid",
  "A JSON file is of no kind that crosses our boundaries.",
);

/** What a file is, for answers. */
export type Inspection = Omit<Summary, "page">;

/**
 * Inspects a file's bytes.
 * @param network whose addresses to write where the bytes do not say; mainnet, with a warning, when undefined
 * @param pinned descriptors whose words are shown beside what is decoded
 * @throws CANONICAL_MALFORMED, DOCUMENT_MALFORMED, INSPECT_KIND_UNKNOWN, INSPECT_UNREADABLE and the chains' own errors
 */
export function inspect(
  bytes: Uint8Array,
  network: Network | undefined,
  pinned: readonly PinnedDescriptor[] = [],
): Inspection {
  if (bytes[0] === 0x7b) {
    const json = new TextDecoder().decode(bytes);
    return looksTyped(json) ? withWarnings([], typedDataSummary(json, pinned)) : inspectJson(bytes, pinned);
  }
  const text = bytes.length <= LIMITS.descriptorCharactersMax ? new TextDecoder().decode(bytes).trim() : "";
  if (/^[a-z_]+\(/.test(text)) return inspectDescriptor(text, network);
  if (looksEvm(bytes)) return withWarnings([], withWords(inspectBytes(bytes), pinned));
  const guessed =
    network === undefined ? ["addresses are written for mainnet; add --network for another"] : [];
  return withWarnings(guessed, summaryOfBitcoin(inspectBitcoin(bytes, network ?? "mainnet")));
}

/** What descriptors say stands behind what the bytes say. */
function withWords(summary: Summary, pinned: readonly PinnedDescriptor[]): Summary {
  const { facts, warnings } = wordsFor(summary.data, pinned);
  return { ...summary, facts: [...summary.facts, ...facts], warnings: [...summary.warnings, ...warnings] };
}

function withWarnings(
  more: readonly string[],
  { kind, data, facts, warnings, refusals }: Inspection,
): Inspection {
  return { kind, data, facts, warnings: [...more, ...warnings], refusals };
}

function inspectJson(bytes: Uint8Array, pinned: readonly PinnedDescriptor[]): Inspection {
  // A final newline is what editors add; a signer refuses it, and says so there.
  const end = bytes[bytes.length - 1] === 0x0a ? bytes.length - 1 : bytes.length;
  const value = parseCanonical(bytes.subarray(0, end), LIMITS.documentBytesMax);
  const kind = kindOf(value);
  if (kind === "sealed") return inspectSealed(value);
  const type = DOCUMENT_TYPES.find((known) => known.kind === kind);
  if (type === undefined) {
    throw INSPECT_KIND_UNKNOWN(`the file is of kind ${kind ?? "none"}, which we do not know`, {
      field: "kind",
      hint: `kinds: ${DOCUMENT_TYPES.map((known) => known.kind).join(", ")}, sealed`,
    });
  }
  const inspected = inspectDocument(fromEmbedded(type, value), value, pinned);
  return end === bytes.length
    ? inspected
    : {
        ...inspected,
        warnings: ["the file ends in a newline: no reader of ours takes it so", ...inspected.warnings],
      };
}

function inspectDocument(
  document: Document<DocumentHeader>,
  value: Json,
  pinned: readonly PinnedDescriptor[],
): Inspection {
  const { body, digest } = document;
  const signatures = document.signatures.map((signature) => ({
    by: signature.by,
    at: signature.at,
    valid: verifySignature(digest, signature),
  }));
  const previous = previousOf(document);
  const plans = plansOf(document).map((plan, p) => ({
    where: `plan ${p}`,
    plan,
    summary: withWords(summaryOfPlan(plan, previous), pinned),
  }));
  return {
    kind: body.kind,
    data: { digest, document: value, signatures, transactions: plans.map(({ summary }) => summary.data) },
    facts: [
      ["kind", `${body.kind} version ${body.version}, ${body.network}`],
      ["digest", digest],
      ["custody", body.custody ?? "none"],
      ...fieldFacts(value as JsonObject),
      ...signatures.map(
        ({ by, at, valid }): Fact => ["signature", `${by} at ${at}: ${valid ? "verifies" : "FALSE"}`],
      ),
      ...plans.flatMap(({ where, plan, summary }): readonly Fact[] => [
        ["base of", where],
        ...summary.facts,
        ...rungFacts(plan),
      ]),
    ],
    warnings: [
      ...signatures.filter(({ valid }) => !valid).map(({ by }) => `the signature of ${by} does not verify`),
      ...plans.flatMap(({ where, summary }) => summary.warnings.map((warning) => `${where}: ${warning}`)),
    ],
    refusals: plans.flatMap(({ where, summary }) =>
      summary.refusals.map(({ rule, why }) => ({ rule, why: `${where}: ${why}` })),
    ),
  };
}

function plansOf({ body }: Document<DocumentHeader>): readonly Plan[] {
  if (body.kind === "request") return (body as DocumentHeader & { readonly plans: readonly Plan[] }).plans;
  return body.kind === "plan" ? [body as Plan] : [];
}

function previousOf({ body }: Document<DocumentHeader>): readonly Uint8Array[] | undefined {
  if (body.kind !== "request") return undefined;
  const { previous } = body as DocumentHeader & { readonly previous: readonly string[] };
  return previous.map((transaction, i) => fromBase64(transaction, `previous[${i}]`));
}

// The base is the cheapest rung; the others differ in their fee alone, which the change output bears.
function rungFacts({ chain, rungs, cancel }: Plan): readonly Fact[] {
  const asset = nativeAsset(chain);
  const shown = (units: string) => formatAmount({ asset, units });
  const fees: Fact = ["rungs", `fees of ${rungs.map(({ feeUnits }) => shown(feeUnits)).join(", ")}`];
  if (cancel === undefined) return [fees];
  const { feeUnits, changeIndex } = cancel;
  const rest = leavesChange(chain) ? `the rest to our change index ${changeIndex}` : "it pays nobody";
  return [fees, ["cancel", `fee of ${shown(feeUnits)}, ${rest}`]];
}

const HEADER = ["kind", "version", "network", "custody", "signatures"];

// Plain fields as they are; what is nested is counted here and shown whole with --json.
function fieldFacts(value: JsonObject): readonly Fact[] {
  return Object.entries(value)
    .filter(([name]) => !HEADER.includes(name))
    .map(([name, field]): Fact => {
      if (Array.isArray(field)) return [name, counted(field.length, "entry", "entries")];
      return [name, typeof field === "object" ? `(${kindOf(field) ?? "nested"})` : String(field)];
    });
}

const sealedField = z.object({ purpose: z.string(), network: networkField, costLog2: z.number() });

function inspectSealed(value: Json): Inspection {
  const parsed = sealedField.safeParse(value);
  if (!parsed.success)
    throw INSPECT_KIND_UNKNOWN("the file says it is sealed and is not", { field: "sealed" });
  const { purpose, network, costLog2 } = parsed.data;
  return {
    kind: "sealed",
    data: { purpose, network, costLog2 },
    facts: [
      ["kind", `sealed file: a ${purpose} of ${network}`],
      ["cost", `scrypt, N = 2^${costLog2}`],
    ],
    warnings: ["a sealed file holds a secret: it should not travel"],
    refusals: [],
  };
}

function inspectDescriptor(text: string, network: Network | undefined): Inspection {
  const home = network ?? NETWORKS.find((name) => parses(() => parseDescriptor(text, name))) ?? "mainnet";
  const descriptor = parseDescriptor(text, home);
  const keys = descriptor.keys.map(formatKeyExpression);
  return {
    kind: "descriptor",
    data: {
      descriptor: descriptor.text,
      type: descriptor.kind,
      network: home,
      threshold: descriptor.threshold,
      keys,
    },
    facts: [
      ["kind", `descriptor of a ${descriptor.kind} wallet, ${home}`],
      ["quorum", `${descriptor.threshold} of ${keys.length}`],
      ...keys.map((key): Fact => ["key", key]),
      ["descriptor", descriptor.text],
    ],
    warnings: [],
    refusals: [],
  };
}

function parses(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
