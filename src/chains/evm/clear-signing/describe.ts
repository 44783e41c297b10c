/** The words of pinned descriptors beside what a call or typed data says by itself: never in its place, and never a reason to sign. */
import type { ChainId } from "../../../core/chain.ts";
import { CustodyError } from "../../../core/errors.ts";
import { equalBytes, toHex, utf8 } from "../../../core/hex.ts";
import { excerpt, visibleText } from "../../../core/text.ts";
import type { Fact } from "../../summary.ts";
import { SELECTOR_BYTES, selectorOf } from "../abi.ts";
import { keccak256 } from "../keccak.ts";
import type { HashedTypedData, TypedData } from "../typed-data.ts";
import { readArguments, type Atom } from "./arguments.ts";
import type { DescribedField, DescribedFormat, Descriptor } from "./descriptor.ts";
import { malformed } from "./errors.ts";
import { formatted } from "./formats.ts";
import { parseFragment, signatureOf } from "./fragment.ts";
import { placesOf, valuesAt, type Container } from "./paths.ts";
import type { PinnedDescriptor } from "./pins.ts";

export type Described = { readonly facts: readonly Fact[]; readonly warnings: readonly string[] };

const NOTHING: Described = { facts: [], warnings: [] };
const DEPTH_MAX = 4;

/** A call as nodes are given it. */
export type DescribedCall = Container & { readonly data: Uint8Array; readonly chain: ChainId };

/** @returns nothing where no descriptor is bound to this contract, or names this function */
export function describeCallBy(pinned: readonly PinnedDescriptor[], call: DescribedCall): Described {
  return first(pinned, ({ descriptor }) => {
    if (!("contract" in descriptor.context) || !isDeployed(descriptor.context.contract.deployments, call))
      return undefined;
    const selector = call.data.subarray(0, SELECTOR_BYTES);
    const matching = Object.entries(descriptor.display.formats)
      .map(([key, format]) => ({ fragment: parseFragment(key), format }))
      .filter(({ fragment }) => equalBytes(selectorOf(signatureOf(fragment)), selector));
    const [found, ...others] = matching;
    if (others.length > 0) throw malformed("display.formats", "names one function twice");
    if (found === undefined) return undefined;
    const atoms = readArguments(call.data, found.fragment);
    return { format: found.format, atoms, container: call, chain: call.chain, raw: true };
  });
}

/** @returns nothing where no descriptor is bound to this domain, or names this type */
export function describeTypedDataBy(
  pinned: readonly PinnedDescriptor[],
  { domain }: TypedData,
  { encodedType, domainSeparator, lines }: HashedTypedData,
): Described {
  const shown = (name: string) => lines.find(({ path }) => path === `domain.${name}`)?.value;
  const [to, id] = [shown("verifyingContract"), shown("chainId")];
  // What is bound to no contract of no chain would be bound everywhere.
  if (to === undefined || id === undefined || domain.chainId === undefined) return NOTHING;
  const container: Container = { to, chainId: BigInt(id), value: 0n, from: undefined };
  return first(pinned, ({ descriptor }) => {
    if (!("eip712" in descriptor.context)) return undefined;
    const { deployments, domain: wanted = {}, domainSeparator: separator } = descriptor.context.eip712;
    const isBound =
      (deployments !== undefined || separator !== undefined) &&
      (deployments === undefined || isDeployed(deployments, container)) &&
      (separator === undefined || separator.toLowerCase() === `0x${toHex(domainSeparator)}`) &&
      Object.entries(wanted).every(([name, value]) => sameValue(shown(name), String(value)));
    if (!isBound) return undefined;
    const hash = keccak256(utf8(encodedType));
    const format = Object.entries(descriptor.display.formats).find(([key]) =>
      equalBytes(keccak256(utf8(key)), hash),
    )?.[1];
    if (format === undefined) return undefined;
    const atoms = lines
      .filter(({ path }) => path.startsWith("message."))
      .map(
        ({ path, type, value }): Atom => ({
          path: path.slice(8).replaceAll("[", ".[").split("."),
          type,
          text: value,
        }),
      );
    return { format, atoms, container, chain: `eip155:${container.chainId}` as ChainId, raw: false };
  });
}

type Matched = {
  readonly format: DescribedFormat;
  readonly atoms: readonly Atom[];
  readonly container: Container;
  readonly chain: ChainId;
  /** Whether the values are shown here first of all. */
  readonly raw: boolean;
};

// One that cannot be read, or does not fit, is told of and says nothing.
function first(
  pinned: readonly PinnedDescriptor[],
  match: (one: PinnedDescriptor) => Matched | undefined,
): Described {
  for (const one of pinned) {
    try {
      const matched = match(one);
      if (matched !== undefined) return told(one, matched);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      return { facts: [], warnings: [`descriptor ${one.name} says nothing: ${error.message}`] };
    }
  }
  return NOTHING;
}

function told(
  { name, hash, descriptor }: PinnedDescriptor,
  { format, atoms, container, chain, raw }: Matched,
): Described {
  const { owner, contractName } = descriptor.metadata;
  const whose = [contractName, owner].filter((part) => part !== undefined).map((part) => visibleText(part));
  const facts: readonly Fact[] = [
    [
      "by descriptor",
      `${name}, sha256 ${hash.slice(0, 16)}…${whose.length === 0 ? "" : `: ${whose.join(" of ")}`}`,
    ],
    ...intents(format),
    ...fieldsOf(format.fields, [], 0),
    ...(raw
      ? atoms.map(({ path, type, text }): Fact => [`argument ${path.join(".")}`, `${text}   (${type})`])
      : []),
  ];
  return { facts, warnings: [] };

  function fieldsOf(
    fields: readonly DescribedField[],
    within: readonly string[],
    depth: number,
  ): readonly Fact[] {
    if (depth > DEPTH_MAX) throw malformed("fields", `are more than ${DEPTH_MAX} deep`);
    return fields.flatMap((given) => {
      if (given.fields !== undefined)
        return placesOf(given.path, within, atoms).flatMap((place) =>
          fieldsOf(given.fields ?? [], place, depth + 1),
        );
      return shown(resolved(given, descriptor), within);
    });
  }

  function shown(field: DescribedField, within: readonly string[]): readonly Fact[] {
    const label = `“${excerpt(visibleText(field.label ?? field.path ?? "value"))}”`;
    if (field.path === undefined)
      return field.value === undefined ? [] : [[label, visibleText(String(field.value))]];
    const values = valuesAt(field.path, within, atoms, container);
    if (values.length === 0)
      throw malformed("path", `${excerpt(visibleText(field.path))} names nothing that is there`);
    const valueAt = (path: string) => valuesAt(path, within, atoms, container)[0]?.text;
    const about = { descriptor, chain, to: container.to, valueAt };
    return values
      .filter((atom) => isVisible(field, atom))
      .map((atom): Fact => [label, formatted(field.format ?? "raw", atom, field.params ?? {}, about)]);
  }
}

function intents({ intent }: DescribedFormat): readonly Fact[] {
  if (intent === undefined) return [];
  if (typeof intent === "string") return [["it intends", `“${visibleText(intent)}”`]];
  return Object.entries(intent).map(
    ([label, text]): Fact => ["it intends", `“${visibleText(`${label}: ${text}`)}”`],
  );
}

/** A field with what its definition says, its own keys first. @throws ERC7730_MALFORMED */
function resolved(field: DescribedField, { display }: Descriptor): DescribedField {
  if (field.$ref === undefined) return field;
  const name = /^\$\.display\.definitions\.([A-Za-z0-9_]+)$/.exec(field.$ref)?.[1];
  const definition = name === undefined ? undefined : display.definitions?.[name];
  if (definition === undefined) throw malformed("$ref", "names no definition of the descriptor");
  return { ...definition, ...field, params: { ...definition.params, ...field.params } };
}

/** @throws ERC7730_MALFORMED where a value is another than it must be */
function isVisible({ visible = "always" }: DescribedField, { text }: Atom): boolean {
  if (typeof visible === "string") return visible !== "never";
  if ("ifNotIn" in visible) return !visible.ifNotIn.some((value) => sameValue(text, String(value)));
  if (visible.mustMatch.some((value) => sameValue(text, String(value)))) return false;
  throw malformed("visible.mustMatch", "does not hold: the descriptor is for another kind of call");
}

function isDeployed(
  deployments: readonly { chainId: number; address: string }[],
  { to, chainId }: Container,
): boolean {
  return deployments.some((one) => BigInt(one.chainId) === chainId && sameValue(one.address, to));
}

// Addresses are written with checksum or without.
const sameValue = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase();
