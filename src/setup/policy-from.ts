/** The first policy of a house: its template, what was answered, and the cards that people and signers made. */
import { EMPTY_FRONTIER, rootOf } from "../core/audit-tree.ts";
import { BITCOIN_CHAINS } from "../core/chain.ts";
import type { IdentityCard } from "../core/documents/identity-card.ts";
import type { SignerCard } from "../core/documents/signer-card.ts";
import { assert } from "../core/errors.ts";
import { addSeconds, type Instant } from "../core/instant.ts";
import type { ChainRules, Policy, PolicyIdentity, PolicyWallet } from "../core/policy/policy.ts";
import { NEEDED_KINDS } from "../core/policy/problems/reading.ts";
import { unitsOf, type Answers } from "./answers.ts";
import { onlineRulesOf } from "./online.ts";
import { rowsOf } from "./rows.ts";
import { TEMPLATES } from "./template.ts";

const [HOUR, DAY] = [3600, 86_400];

/** What cards show, one for each seat and each signer, and the wallet of the signers' keys. */
export type Shown = {
  readonly people: readonly IdentityCard[];
  readonly signers: readonly SignerCard[];
  readonly wallet: PolicyWallet;
};

/** The unsigned first policy. Whether it is consistent its maker asks (`problemsOf`). */
export function policyFrom(answers: Answers, { people, signers, wallet }: Shown, now: Instant): Policy {
  const { network, days, newDestinationHours } = answers;
  const { quorums, recovery } = TEMPLATES[answers.template];
  return {
    kind: "policy",
    version: 1,
    network,
    number: 1,
    issued: now,
    expires: addSeconds(now, days * DAY),
    approvalsSince: 1,
    clockToleranceSeconds: 600,
    identities: people.map((card) => identityOf(answers, card)),
    signers: signers.map(({ signer, key, epoch, startHead }) => ({
      name: signer,
      key,
      epoch,
      startHead,
      since: 1,
    })),
    wallets: [wallet],
    chains: [chainRulesOf(answers)],
    rows: [...rowsOf(answers)],
    online: onlineRulesOf(answers),
    beneficiaries: { lifeSecondsMax: 365 * DAY, delaySeconds: newDestinationHours * HOUR },
    quorums: { ...quorums, build: 0 },
    ...(recovery === undefined
      ? {}
      : { recovery: { quorum: recovery.quorum, delaySeconds: recovery.days * DAY } }),
    // Four people in one payment, whatever else each of them may do.
    conflicts: [
      ["operator", "approver", "officer", "compliance"],
      ["requester", "approver", "officer", "compliance"],
    ],
    audit: { epoch: 1, size: 0, root: rootOf(EMPTY_FRONTIER) },
    accepts: NEEDED_KINDS.map((kind) => ({ kind, versions: [1] })),
  };
}

function identityOf({ template, people }: Answers, { name, person, key, alg }: IdentityCard): PolicyIdentity {
  const seat = people.find((sitting) => sitting.name === name)?.seat;
  const roles = TEMPLATES[template].seats.find(({ id }) => id === seat)?.roles;
  assert(roles !== undefined, "a card is of somebody who has a seat");
  return { name, person, key, alg, roles: [...roles] };
}

function chainRulesOf({ network, confirmations, fees }: Answers): ChainRules {
  return {
    chain: BITCOIN_CHAINS[network],
    confirmations,
    fees: {
      absoluteUnitsMax: unitsOf(fees.max, network, "fees.max").toString(),
      rateMax: fees.rate,
      sharePermilleMax: fees.sharePermille,
      ladderRatioMax: 10,
    },
  };
}
