// What one offline signer demands. Each gate answers true when it lets the request pass.
// `ask` holds all a gate may look at: state, key (wallet key with its papers), machine (journal), plan, world, rules.

import { amountOf, INTENTS, plan as planById, sameFamily, shareKey, supersededBy } from "./family.mjs";
import { deadCanBeHad } from "./chain.mjs";

const SIGN = "sign ";
const VOID = "void ";
export const CLOSED = "closed";

export const signEntry = (p) => SIGN + p.id;
export const voidEntry = (p) => VOID + p.id;
export const headOf = (journal) => journal.join(">");
export const hasHead = (journal, head) => headOf(journal).startsWith(head);
export const signedIn = (journal) =>
  journal.filter((entry) => entry.startsWith(SIGN)).map((entry) => planById(entry.slice(SIGN.length)));
const voidedIn = (journal) =>
  journal.filter((entry) => entry.startsWith(VOID)).map((entry) => planById(entry.slice(VOID.length)));

/** G3: a restored machine waits for the policy that names its epoch. */
const epochIsNamed = ({ state, machine, rules }) => !rules.epoch || machine.epoch === 1 || state.policy === 2;

/** Fix: a machine of a later epoch knows nothing sure about families born before that epoch. */
const bornInEpoch = ({ machine, world, rules }) =>
  !rules.bornAfterEpoch || !rules.epoch || machine.epoch <= world.born;

/** Whoever signs or voids has the intent itself in hand, so never before the policy that it names. */
const intentExists = ({ state, world }) => state.policy >= world.born;

/** A family born under policy 2 makes the old machine pin policy 2, which no longer names its epoch. */
const notReplaced = ({ key, machine, world, rules }) =>
  !rules.epoch || world.born === 1 || machine.epoch === key.machines.at(-1).epoch;

/** Fix, G11: the officer knows the last head from the logbook. A machine restored by the tool starts a new page. */
const logbookAgrees = ({ key, machine, rules }) =>
  !rules.logbook || machine.epoch > 1 || hasHead(machine.journal, key.logbook);

/** Gates on the machine itself; voids pass them too. */
export const machineWorks = (ask) => epochIsNamed(ask) && notReplaced(ask) && logbookAgrees(ask);
export const machineVouches = (ask) => intentExists(ask) && machineWorks(ask) && bornInEpoch(ask);

/** Of a row whose wallet changes with each policy. One that follows the rules ends what was approved before it. */
const since = ({ key, world, rules }) => (world.policies && rules.policiesFollow ? key.pinned : 1);
const walletAllowed = ({ key, plan, world }) =>
  (!world.policies || world.policies[key.pinned - 1] === plan.set) &&
  (!world.bands || world.bands[amountOf(plan.intent)] === plan.set);

/** A row is found by the amount. Where a later generation may change it, another row's wallets pay, which need not meet the first's. */
const promisesTheSame = ({ plan, rules }) =>
  !rules.samePromise ||
  supersededBy(plan.intent).every((earlier) => amountOf(earlier) === amountOf(plan.intent));
const bornLateEnough = (ask) => !ask.rules.bornCounts || ask.world.born >= since(ask);

const approvesThis = (approval, { plan, rules }) =>
  approval.intent === plan.intent ||
  (!rules.freshGeneration && INTENTS[approval.intent].id === INTENTS[plan.intent].id);
const versionCounts = (approval, ask) =>
  (!ask.rules.raiseApprovalsSince || approval.policy >= ask.machine.epoch) &&
  (!ask.world.policies || (approval.policy >= since(ask) && approval.policy <= ask.key.pinned));
const headsKnown = (approval, index, { key, machine, rules }) =>
  !rules.heads || hasHead(machine.journal, key.seen[index]);

/** G4 with G3: the corrupt approver always signs, so one counted approval by an honest person makes the quorum of two. */
const quorumApproved = (ask) =>
  !ask.rules.quorum ||
  ask.state.approvals.some(
    (approval, index) =>
      approvesThis(approval, ask) && versionCounts(approval, ask) && headsKnown(approval, index, ask),
  );

/** Law 12. The signer's clock may lag by the tolerance, so it still signs in the hour after expiry (time 1). */
const notExpired = ({ state, plan, rules }) =>
  !rules.expiry || !INTENTS[plan.intent].expires || state.time < 2;

const paysAsIntended = ({ plan, rules }) => !rules.effects || plan.pays === plan.wanted;

const notVoided = ({ machine, plan, rules }) =>
  !rules.voidHonoured || !(machine.journal.includes(CLOSED) || machine.journal.includes(voidEntry(plan)));

/** Law 4: may `plan` stand beside the earlier one? */
const mayFollow = (earlier, { state, plan, rules }) =>
  shareKey(earlier, plan) ||
  (deadCanBeHad(state, earlier, rules) && (!rules.freshGeneration || plan.generation > earlier.generation));

function earlierAttempts({ machine, plan, rules }) {
  const signed = signedIn(machine.journal).filter((earlier) => sameFamily(earlier, plan, rules));
  return rules.everyAttempt ? signed : signed.slice(-1);
}

/** G10. */
const familyAgrees = (ask) =>
  !ask.rules.family || earlierAttempts(ask).every((earlier) => mayFollow(earlier, ask));

/** A voided plan binds its successor as a signed one does (only while voids name plans). */
const voidedKeyKept = (ask) =>
  !ask.rules.voidKeepsKey ||
  voidedIn(ask.machine.journal)
    .filter((earlier) => sameFamily(earlier, ask.plan, ask.rules))
    .every((earlier) => mayFollow(earlier, ask));

const GATES = [
  machineVouches,
  walletAllowed,
  promisesTheSame,
  bornLateEnough,
  quorumApproved,
  notExpired,
  paysAsIntended,
  notVoided,
  familyAgrees,
  voidedKeyKept,
];
export const wouldSign = (ask) => GATES.every((gate) => gate(ask));

/** A cancel spends one conflict key back to ourselves. If it counted as an attempt of the family, G10 would bind it. */
export const wouldCancel = (ask, conflictKey) =>
  machineWorks(ask) &&
  (ask.rules.cancelApart ||
    signedIn(ask.machine.journal).every(
      (earlier) => earlier.spends.includes(conflictKey) || deadCanBeHad(ask.state, earlier, ask.rules),
    ));
