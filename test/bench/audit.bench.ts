/** Row `audit`: verifying the audit tree of 1,000,000 rows, against the SHA-256 calls that it needs, by the same hasher. */
import { performance } from "node:perf_hooks";
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from "../../src/core/audit-tree.ts";
import { assert } from "../../src/core/errors.ts";
import { utf8 } from "../../src/core/hex.ts";
import type { Id } from "../../src/core/identifier.ts";
import { verifyAudit } from "../../src/store/audit.ts";
import { auditText } from "../../src/store/audit-row.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { write } from "../../src/store/transaction.ts";
import { at, fixtureDigest, fixtureId } from "../factory/identities.ts";
import { benchFolder } from "./folder.ts";
import { median, type Row } from "./row.ts";

const ROWS = 1_000_000;
/** Rows of one commit: a group of twenty requests. */
const ROWS_A_COMMIT = 100;
const ROUNDS = 5;

const EVENT = {
  entity: "withdrawal",
  version: 1,
  event: "requested",
  after: {
    account: "bip122:0f9188f13cb7b2c71f2a335e3a4fc328:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
    asset: "bip122:0f9188f13cb7b2c71f2a335e3a4fc328/slip44:0",
    beneficiary: fixtureDigest("beneficiary"),
    bodyHash: fixtureDigest("body"),
    state: "REQUESTED",
    units: "10000",
  },
} as const;
const CONTEXT = {
  operation: fixtureId("audit bench"),
  command: "withdraw request",
  actor: "ruth",
  now: at("09:10:00"),
};
const idOf = (number: number) => number.toString(16).padStart(32, "0") as Id;

export async function audit(): Promise<Row> {
  const folder = benchFolder("audit");
  try {
    const store = openStore(`${folder.path}/custody-regtest.db`, { network: "regtest", create: true });
    fill(store);
    const times: Record<"ours" | "floor", number[]> = { ours: [], floor: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(timed(() => assert(verifyAudit(store).rows === ROWS, "all rows are verified")));
      times.floor.push(timed(hashAlone));
    }
    closeStore(store);
    const [ours, floor] = [median(times.ours), median(times.floor)];
    return {
      name: "audit",
      unit: "ms",
      ours,
      floor,
      peers: {},
      ratio: ours / floor,
      goal: "at most 2x the same SHA-256 calls",
      notes: [
        `${ROWS} rows, a root every ${ROWS_A_COMMIT}; ${Math.round((1000 * ROWS) / ours)} rows a second`,
      ],
    };
  } finally {
    folder.remove();
  }
}

function fill(store: Store): void {
  // Only the table of operations and the log are written, and nothing of it has to outlive the bench.
  store.database.pragma("synchronous = OFF");
  for (let first = 1; first <= ROWS; first += ROWS_A_COMMIT) {
    write(store, CONTEXT, (tx) => {
      for (let number = first; number < first + ROWS_A_COMMIT; number++)
        tx.audit({ ...EVENT, entityId: idOf(number) });
    });
  }
}

// The texts are made before the clock starts; what is timed is a leaf a row, the nodes above it, and the roots.
function hashAlone(): number {
  const { operation, actor, now } = CONTEXT;
  const { entity, version, event } = EVENT;
  const entry = utf8(
    auditText({
      ...{ seq: ROWS, at: now, actor, operation, entity, version, event },
      entityId: idOf(ROWS),
      before: null,
      after: JSON.stringify(EVENT.after),
    }),
  );
  const begin = performance.now();
  let frontier = EMPTY_FRONTIER;
  for (let number = 1; number <= ROWS; number++) {
    frontier = appendLeaf(frontier, leafHash(entry));
    if (number % ROWS_A_COMMIT === 0) rootOf(frontier);
  }
  return performance.now() - begin;
}

function timed(work: () => unknown): number {
  const begin = performance.now();
  const result = work();
  return typeof result === "number" ? result : performance.now() - begin;
}
