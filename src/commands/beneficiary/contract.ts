/** A destination that is a contract: people sign which code it has, and how much gas a payment may give it. */
import { splitAccount, type AccountId } from "../../core/account.ts";
import { BITCOIN_CHAINS } from "../../core/chain.ts";
import type { ContractFacts } from "../../core/documents/beneficiary.ts";
import { declareError } from "../../core/errors.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { withEvmNodes } from "../../home/evm-nodes.ts";
import type { Online } from "../../home/online.ts";
import { addressIn } from "../../nodes/evm/followed.ts";
import { countFlag, switchedOn } from "../../terminal/command.ts";

export const NO_CONTRACT = declareError(
  "NO_CONTRACT",
  "denied",
  "A destination is said to be a contract, and has no code, or its chain has no contracts.",
);

/** The facts that people sign of a contract; undefined without `--contract`. @throws NO_CONTRACT, NODE_… */
export async function contractAsked(
  { call, network }: Pick<Online, "call" | "network">,
  policy: PolicyDocument,
  account: AccountId,
): Promise<ContractFacts | undefined> {
  if (!switchedOn(call.flags, "contract")) return undefined;
  const gasLimit = countFlag(call.flags, "gasLimit", { min: 21_000, max: 2 ** 24, otherwise: 100_000 });
  const { chain, address } = splitAccount(account);
  if (chain === BITCOIN_CHAINS[network]) throw none(`${chain} has no contracts`);
  return withEvmNodes(call, policy, chain, async ({ evm }) => {
    const { latest } = await evm.tip();
    const { size, hash } = await evm.code(addressIn(account), latest);
    if (size === 0) throw none(`${address} has no code on ${chain}`);
    return { codeHash: hash, gasLimit };
  });
}

function none(why: string) {
  return NO_CONTRACT(why, { field: "--contract", hint: "leave --contract out, or compare --to and --chain" });
}
