import { bitcoinAsset } from "../../core/asset.ts";
import { parseAmount, positive } from "../../core/amount.ts";
import { networkOf, type Network } from "../../core/chain.ts";
import { IDENTITY_CARD, type IdentityCardDocument } from "../../core/documents/identity-card.ts";
import { SIGNER_CARD, type SignerCardDocument } from "../../core/documents/signer-card.ts";
import type { Document, DocumentHeader } from "../../core/document.ts";
import { declareError } from "../../core/errors.ts";
import { parseName } from "../../core/identifier.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import { policyDocument, type Policy, type Role } from "../../core/policy/policy.ts";
import { assertConsistent } from "../../core/policy/verify.ts";
import { verifySignature } from "../../core/signature.ts";
import {
  countFlag,
  optionalFlag,
  requiredFlag,
  type Call,
  type Flags,
  type Run,
} from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readDocument, writeDocument } from "../documents.ts";
import { drawPolicy } from "./draw.ts";

export const CARD_UNSIGNED = declareError(
  "CARD_UNSIGNED",
  "verification",
  "A card is not signed by the key that it shows.",
);
export const CARD_WITHOUT_WALLET = declareError(
  "CARD_WITHOUT_WALLET",
  "invalid",
  "A signer's card shows no wallet keys.",
);

/** Every kind that crosses a boundary on this path, in format version 1. */
const ACCEPTED_KINDS = [
  "approval",
  "beneficiary",
  "delegation",
  "intent",
  "plan",
  "policy",
  "receipt",
  "request",
  "review",
];

/**
 * Drafts the smallest policy that keeps people apart: whoever approves neither operates nor stands at the signer.
 * What it gives up is said aloud: one person requests and operates, and one approver is a quorum.
 */
export const run: Run = async (call) => {
  const people = await Promise.all(
    (["admin", "operator", "approver", "officer"] as const).map((role) => readPerson(call, role)),
  );
  const signer = await readDocument(call, requiredFlag(call.flags, "signer"), SIGNER_CARD);
  assertCardSigned(signer, signer.body.key);
  const body = draft(call.flags, people, signer, call.io.now());
  assertConsistent(body);
  const document = policyDocument(body);
  const out = requiredFlag(call.flags, "out");
  writeDocument(call, out, document);
  return {
    data: { file: out, digest: document.digest, number: body.number },
    text: drawFacts([["policy", `number 1, unsigned, written to ${out}`], ...drawPolicy(document)]),
    warnings: [
      "one person requests and operates, and one approver is a quorum: a template for trying things out",
    ],
    next: `custody desk sign ${out} --as policy --identity NAME.key --out policy.NAME.json   (everyone named), then custody-signer policy prove --in ${out} --out policy.SIGNER.json`,
  };
};

function draft(flags: Flags, people: readonly Person[], signer: SignerCardDocument, issued: Instant): Policy {
  const wallet = signer.body.wallets[0];
  if (wallet === undefined) {
    throw CARD_WITHOUT_WALLET(`the card of ${signer.body.signer} shows no wallet`, {
      field: "--signer",
      hint: "custody-signer keys new, then custody-signer keys export --out card.json",
    });
  }
  const { network } = signer.body;
  const name = parseName(requiredFlag(flags, "wallet"), "--wallet");
  const asset = bitcoinAsset(networkOf(wallet.chain));
  const upTo = positive(parseAmount(requiredFlag(flags, "upTo"), asset, "--up-to"), "--up-to");
  return {
    kind: "policy",
    version: 1,
    network,
    number: 1,
    issued,
    expires: addSeconds(issued, 86400 * countFlag(flags, "days", { min: 1, max: 3650, otherwise: 365 })),
    approvalsSince: 1,
    clockToleranceSeconds: 600,
    identities: people.map(({ roles, card: { body } }) => ({
      name: body.name,
      person: body.person,
      key: body.key,
      roles: [...roles],
    })),
    signers: [
      {
        name: signer.body.signer,
        key: signer.body.key,
        epoch: signer.body.epoch,
        startHead: signer.body.startHead,
        since: 1,
      },
    ],
    wallets: [
      {
        name,
        chain: wallet.chain,
        descriptor: wallet.descriptor,
        signers: [signer.body.signer],
        foreign: 0,
        indexGap: 200,
      },
    ],
    chains: [{ chain: wallet.chain, ...chainRules(flags, network) }],
    rows: [
      {
        name: parseName("withdrawals"),
        type: "withdrawal",
        asset,
        aboveUnits: "0",
        upToUnits: upTo.units.toString(),
        wallets: [name],
        quorum: 1,
        approvalSecondsMax: 3 * 86400,
        clearance: "none",
      },
    ],
    quorums: { admin: 1, beneficiary: 1 },
    conflicts: [
      ["operator", "approver", "officer"],
      ["requester", "approver", "officer"],
    ],
    accepts: ACCEPTED_KINDS.map((kind) => ({ kind, versions: [1] })),
  };
}

function chainRules(
  flags: Flags,
  network: Network,
): Pick<Policy["chains"][number], "confirmations" | "fees"> {
  const feeMax = parseAmount(optionalFlag(flags, "feeMax") ?? "0.001", bitcoinAsset(network), "--fee-max");
  return {
    confirmations: countFlag(flags, "confirmations", {
      min: 1,
      max: 1000,
      otherwise: network === "regtest" ? 1 : 6,
    }),
    fees: {
      absoluteUnitsMax: feeMax.units.toString(),
      rateMax: countFlag(flags, "feeRateMax", { min: 1, max: 100_000, otherwise: 200 }),
      sharePermilleMax: countFlag(flags, "feeShareMax", { min: 1, max: 1000, otherwise: 100 }),
      ladderRatioMax: 10,
    },
  };
}

type Person = { readonly card: IdentityCardDocument; readonly roles: readonly Role[] };

async function readPerson(call: Call, role: "admin" | "operator" | "approver" | "officer"): Promise<Person> {
  const card = await readDocument(call, requiredFlag(call.flags, role), IDENTITY_CARD);
  assertCardSigned(card, card.body.key);
  return { card, roles: role === "operator" ? ["operator", "requester"] : [role] };
}

function assertCardSigned(card: Document<DocumentHeader>, key: string): void {
  if (card.signatures.some((signature) => signature.by === key && verifySignature(card.digest, signature)))
    return;
  throw CARD_UNSIGNED("the card is not signed by the key that it shows", {
    field: "card",
    hint: "take the card as it was made",
  });
}
