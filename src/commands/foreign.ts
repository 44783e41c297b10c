/** Transactions that are no attempts of ours, as the commands that decide of them read them. */
import { assetFacts } from "../core/asset.ts";
import { BITCOIN_CHAINS, type ChainId } from "../core/chain.ts";
import type { Name } from "../core/identifier.ts";
import { rulesFor } from "../core/policy/entries.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import type { Online } from "../home/online.ts";
import { FOREIGN_READS } from "../home/chain-ports.ts";
import { seenTip } from "../store/coins.ts";
import { takenBy, type Taken } from "../store/foreign.ts";
import type { Reader } from "../store/statement.ts";
import { takenFrom } from "../withdrawals/following/foreign.ts";

/** What a transaction took from a wallet, as deep as the policy asks. @throws FOREIGN_UNKNOWN, FOREIGN_SHALLOW */
export function readTaken(
  online: Pick<Online, "network">,
  policy: PolicyDocument,
  reader: Reader,
  asked: { readonly transaction: string; readonly wallet?: Name | undefined },
): Taken {
  const [taken] = takenBy(reader, asked.transaction);
  const chain = taken === undefined ? BITCOIN_CHAINS[online.network] : assetFacts(taken.asset).chain;
  return takenFrom(FOREIGN_READS, reader, asked, { deep: deepHeight(policy, reader, chain) });
}

/** Height of the newest block that is as deep as the policy asks, as blocks were read. */
export function deepHeight({ body }: PolicyDocument, reader: Reader, chain: ChainId): number {
  return (seenTip(reader, chain)?.height ?? 0) - rulesFor(body, chain).confirmations + 1;
}

export function describeTaken({ transaction, wallet, asset, units }: Omit<Taken, "height">) {
  return { transaction, wallet, asset, units: units.toString() };
}
