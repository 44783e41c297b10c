/** Wallets: their signers exist, their keys add up, and any two groups that can spend share a signer of ours. */
import { counted } from "../../count.ts";
import { alwaysMeet, spendingQuorum } from "../groups.ts";
import type { Policy, PolicyWallet } from "../policy.ts";
import { error, warning, type Problem } from "./problem.ts";

export function* walletErrors(policy: Policy): Iterable<Problem> {
  const named = new Set<string>(policy.signers.map(({ name }) => name));
  const chains = new Set<string>(policy.chains.map(({ chain }) => chain));
  for (const wallet of policy.wallets) {
    const field = `wallets.${wallet.name}`;
    for (const signer of wallet.signers)
      if (!named.has(signer)) yield error(`${field}.signers`, `signer ${signer} is not named in signers`);
    if (new Set(wallet.signers).size < wallet.signers.length)
      yield error(`${field}.signers`, "a signer stands twice: it has one key of a wallet");
    if (!chains.has(wallet.chain)) yield error(`${field}.chain`, "has no rules under chains");
    yield* keyErrors(wallet, field);
  }
}

function* keyErrors(wallet: PolicyWallet, field: string): Iterable<Problem> {
  const { threshold, foreign, signers, exactlyOnce } = wallet;
  const keys = signers.length + foreign;
  if (threshold > keys) {
    yield error(`${field}.threshold`, `asks for ${threshold} of ${counted(keys, "key")}`);
    return;
  }
  // Whoever can spend without us need not ask, and no journal of ours would know.
  if (foreign >= threshold) {
    yield error(`${field}.foreign`, `${foreign} of its keys, not ours, reach the threshold of ${threshold}`);
    return;
  }
  const quorum = spendingQuorum(wallet);
  if (exactlyOnce === "online" || alwaysMeet(quorum, quorum)) return;
  yield error(
    `${field}.threshold`,
    `two groups of ${threshold} of ${keys} keys (${foreign} not ours) need share no signer of ours, so that one payment could be made by each: raise the threshold, or let the admins mark the wallet exactlyOnce "online"`,
  );
}

export function* walletWarnings({ wallets, rows }: Policy): Iterable<Problem> {
  const used = new Set(rows.flatMap((row) => row.wallets));
  for (const wallet of wallets) {
    const { name, threshold, signers, foreign, exactlyOnce } = wallet;
    const field = `wallets.${name}`;
    const keys = signers.length + foreign;
    if (keys === 1)
      yield warning(field, "one key alone spends it, and its loss is the loss of the coins", "one-key");
    else if (threshold === keys)
      yield warning(
        field,
        `needs all of its ${counted(keys, "key")}: the loss of any one is the loss of the coins`,
        "all-keys",
      );
    else if (threshold === 1) yield warning(field, `any one of its ${counted(keys, "key")} spends it alone`);
    if (exactlyOnce === "online")
      yield warning(`${field}.exactlyOnce`, "that nothing is paid twice hangs on the online host");
    if (!used.has(name)) yield warning(field, "no row allows it: nothing can be paid from it");
  }
}
