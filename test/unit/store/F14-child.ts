/** Another process of F14-processes.test.ts: asks for withdrawals on the same database, and answers on stdout or dies. */
import { assert } from "../../../src/core/errors.ts";
import { bitcoinAsset } from "../../../src/core/asset.ts";
import type { AccountId } from "../../../src/core/account.ts";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { taggedDigest } from "../../../src/core/digest.ts";
import { utf8 } from "../../../src/core/hex.ts";
import type { Id } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { closeStore, openStore } from "../../../src/store/database.ts";
import { groupCommit } from "../../../src/store/group-commit.ts";
import { insertWithdrawal } from "../../../src/store/withdrawals.ts";

/** `none` answers; the others say when the process ends as by `kill -9`. */
type Death = "none" | "before the commit" | "before the answer";

const [path = "", first = "1", count = "1", death = "none"] = process.argv.slice(2) as [
  string,
  string,
  string,
  Death,
];
const store = openStore(path, { network: "regtest" });
const commits = groupCommit(store, () => undefined);
const die = () => process.kill(process.pid, "SIGKILL");
const idOf = (number: number) => number.toString(16).padStart(32, "0") as Id;
const digestOf = (text: string) => taggedDigest("test", utf8(text));

async function ask(number: number): Promise<readonly [key: string, id: Id, created: boolean]> {
  const own = Number.parseInt(first, 10) * 100_000 + number;
  const context = {
    operation: idOf(own),
    command: "test",
    actor: "olga",
    now: "2026-11-22T08:00:00Z" as Instant,
  };
  const { withdrawal, created } = await commits.write(context, (tx) => {
    const made = insertWithdrawal(tx, {
      id: idOf(own),
      customer: idOf(0xc1),
      amount: { asset: bitcoinAsset("regtest"), units: 5n },
      account: `${BITCOIN_CHAINS.regtest}:bcrt1qpayee` as AccountId,
      beneficiary: digestOf("beneficiary"),
      clientKey: `order-${number}`,
      bodyHash: digestOf(`body ${number}`),
      intent: digestOf(`intent ${own}`),
    });
    if (death === "before the commit") die();
    return made;
  });
  if (death === "before the answer") die();
  return [withdrawal.clientKey, withdrawal.id, created];
}

const numbers = Array.from({ length: Number.parseInt(count, 10) }, (_, index) => index + 1);
const answers = await Promise.all(numbers.map(ask));
assert(death === "none", "a process that was to die is dead");
process.stdout.write(JSON.stringify(answers));
closeStore(store);
