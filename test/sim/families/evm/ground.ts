/** A house whose vault is an account of its first signer's. Units are those of the bitcoin worlds, a hundred times as much in ether. */
import { describeAccount } from "../../../../src/chains/evm/account-descriptor.ts";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import { accountId } from "../../../../src/core/account.ts";
import { assert } from "../../../../src/core/errors.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { SAFE_GROUND } from "../../../attack/bench/grounds/safe.ts";
import type { Ground } from "../../../attack/bench/grounds/ground.ts";
import { ANVIL, ETHER, evmCustody } from "../../../factory/evm-account.ts";
import { fixtureBytes } from "../../../factory/identities.ts";

const WEI_FOR_SATOSHI = 10n ** 12n;

export const ACCOUNT: Ground = {
  ...SAFE_GROUND,
  name: "account",
  chain: ANVIL,
  asset: ETHER,
  rules: evmCustody().policy.body.chains[0] as Policy["chains"][number],
  unitsOf: (satoshi) => (BigInt(satoshi) * WEI_FOR_SATOSHI).toString(),
  accountOf: (label) => accountId(ANVIL, addressOf(fixtureBytes(label).subarray(0, 20))),
  walletOf(name, _threshold, signers) {
    const [first] = signers;
    assert(first !== undefined, "an account is somebody's");
    return {
      name,
      chain: ANVIL,
      descriptor: describeAccount(first.account, ANVIL).text,
      threshold: 1,
      signers: [first.who.name],
      foreign: 0,
      indexGap: 1,
      exactlyOnce: "signers",
    };
  },
};
