/** Names, keys and persons: each stands once, and one human is written one way. */
import { networkOf } from "../../chain.ts";
import { LIMITS } from "../../limits.ts";
import { quoted } from "../../text.ts";
import type { Policy } from "../policy.ts";
import { error, type Problem } from "./problem.ts";

export function* nameErrors(policy: Policy): Iterable<Problem> {
  const { identities, signers, wallets, chains, rows, accepts, conflicts } = policy;
  yield* twice("identities.name", identities, ({ name }) => name);
  yield* twice("identities.key and signers.key", [...identities, ...signers], ({ key }) => key);
  yield* twice("signers.name", signers, ({ name }) => name);
  yield* twice("wallets.name", wallets, ({ name }) => name);
  yield* twice("wallets.descriptor", wallets, ({ descriptor }) => descriptor);
  yield* twice("chains.chain", chains, ({ chain }) => chain);
  yield* twice("rows.name", rows, ({ name }) => name);
  yield* twice("accepts.kind", accepts, ({ kind }) => kind);
  for (const set of conflicts) yield* twice("conflicts", set, (role) => role);
  for (const { name, roles } of identities) yield* twice(`identities.${name}.roles`, roles, (role) => role);
  yield* personErrors(policy);
  if (policy.number === 1 && identities.length + signers.length > LIMITS.signaturesMax)
    yield error(
      "identities",
      `everyone named signs number 1, and ${LIMITS.signaturesMax} signatures are read`,
    );
  // Chains of one environment never meet those of another.
  for (const { chain } of chains)
    if (networkOf(chain) !== policy.network)
      yield error("chains", `${chain} is not a chain of ${policy.network}`);
}

// Quorums count persons by their text, so one human under two spellings would count twice.
function* personErrors(policy: Policy): Iterable<Problem> {
  const spellings = new Map<string, string>();
  for (const { person } of policy.identities) {
    const folded = person
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    const other = spellings.get(folded) ?? person;
    if (other !== person)
      yield error("identities.person", `${quoted(person)} and ${quoted(other)} read the same`);
    spellings.set(folded, person);
  }
}

function* twice<T>(field: string, values: readonly T[], nameOf: (value: T) => string): Iterable<Problem> {
  const seen = new Set<string>();
  for (const name of values.map(nameOf)) {
    if (seen.has(name)) yield error(field, `${quoted(name)} stands twice`);
    seen.add(name);
  }
}
