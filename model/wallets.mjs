// Which keys sign for which coins. An intent names no wallet: every wallet of its policy row could pay it.

/** The keys (by place) that sign for a set of coins, and how many of them are needed. */
function walletOf(world, rules, set) {
  if (!world.wallets)
    return { signers: Array.from({ length: world.keys }, (_, at) => at), threshold: world.threshold };
  return (rules.walletsMeet ? world.wallets : world.walletsApart)[set];
}

export const mayKeySign = (world, rules, set, at) => walletOf(world, rules, set).signers.includes(at);

/** Whether the keys at these places complete a plan over `set`. */
export function completes(world, rules, set, places) {
  const { signers, threshold } = walletOf(world, rules, set);
  return places.filter((at) => signers.includes(at)).length >= threshold;
}

/** Whether these keys leave no group of any wallet that could still sign: n - m + 1 of each. */
export function closeAll(world, rules, places) {
  const sets = rules.voidEveryWallet ? world.sets : world.sets.slice(-1);
  return sets.every((set) => {
    const { signers, threshold } = walletOf(world, rules, set);
    const needed = rules.voidCount ? signers.length - threshold + 1 : 1;
    return places.filter((at) => signers.includes(at)).length >= needed;
  });
}
