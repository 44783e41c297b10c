/** The database of an online home as a desk of the online fixtures: one customer with money, who may be paid. */
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { postDeposit } from "../../src/core/ledger.ts";
import { custodyId, type Policy } from "../../src/core/policy/policy.ts";
import { PORTS } from "../../src/home/ports.ts";
import { auditHead } from "../../src/store/audit.ts";
import { saveSeenBlock, seenHash } from "../../src/store/coins.ts";
import { insertCustomer } from "../../src/store/customers.ts";
import type { Store } from "../../src/store/database.ts";
import { moveKyc, openKyc } from "../../src/store/kyc.ts";
import { instanceOf } from "../../src/store/quarantine.ts";
import { insertReconciliation } from "../../src/store/reconciliations.ts";
import { insertWallet } from "../../src/store/wallets.ts";
import { CUSTOMER, step, type Desk } from "../attack/online.ts";
import { BTC, genesisPolicy, journal, REGTEST } from "./documents.ts";
import { fixtureDigest, fixtureId } from "./identities.ts";

/** @param changes those that the home's policy was made with */
export function homeDesk(store: Store, changes: Partial<Policy> = {}): Desk {
  const policy = genesisPolicy(changes);
  const [wallet] = policy.body.wallets as [(typeof policy.body.wallets)[number]];
  return { store, custody: { policy, id: custodyId(policy), wallet, journal: journal() as never } };
}

/** Registers the policy's wallets and a customer with `units` base units. */
export function fund(desk: Desk, units = 1_000_000_000n): void {
  const { policy, wallet } = desk.custody;
  step(desk, (tx) => {
    for (const { name, chain, descriptor } of policy.body.wallets)
      insertWallet(tx, { name, chain, descriptor });
    insertCustomer(tx, { id: CUSTOMER, ref: "c-1" });
    openKyc(tx, CUSTOMER);
    moveKyc(tx, CUSTOMER, { version: 1, to: "SUBMITTED", event: "submitted" });
    const until = { tier: "basic" as Name, expires: "2027-11-22T00:00:00Z" as Instant };
    moveKyc(tx, CUSTOMER, { version: 2, to: "ACCEPTED", event: "accepted" }, until);
    PORTS.post(tx, postDeposit({ coin: "coin", wallet: wallet.name, customer: CUSTOMER, asset: BTC, units }));
  });
}

/** Notes that ledger and chain were compared and say the same: without that nothing leaves a home. */
export function compared(desk: Desk): void {
  step(desk, (tx) => {
    const report = { chain: REGTEST, differences: [] };
    const tip = { height: 300, hash: fixtureDigest("tip") };
    if (seenHash(tx, REGTEST, tip.height) === undefined) saveSeenBlock(tx, REGTEST, tip);
    insertReconciliation(tx, {
      id: fixtureId(`comparison ${tx.operation}`),
      instance: instanceOf(desk.store),
      tip,
      audit: auditHead(desk.store) ?? { size: 0, root: fixtureDigest("nothing") },
      verdict: "even",
      digest: fixtureDigest("report"),
      report,
    });
  });
}
