/** Address poisoning (F22): 1,155 WBTC went to an address that began and ended like one that people knew. */
import { codecOf } from "../../chains/registry.ts";
import { splitAccount, type AccountId } from "../../core/account.ts";
import { declareError } from "../../core/errors.ts";
import type { WithdrawalPorts } from "../ports.ts";

export const ADDRESS_LOOKS_ALIKE = declareError(
  "ADDRESS_LOOKS_ALIKE",
  "denied",
  "An address begins and ends like another one that is known here.",
);

/**
 * Refuses an address that a hurried reader would take for another one: an address of ours, or somebody's signed
 * destination. Which of the two is the false one is for people to find out, so neither is paid until they have.
 * @throws ADDRESS_LOOKS_ALIKE
 */
export function assertNoLookAlike<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "accountsEndingAlike">,
  tx: Tx,
  account: AccountId,
  field = "--to",
): void {
  const { chain, address } = splitAccount(account);
  const codec = codecOf(chain);
  // An address of one EVM chain is somebody's on every other one, too.
  const known = ports
    .accountsEndingAlike(tx, account)
    .map(splitAccount)
    .filter((other) => codec.reads(other.chain));
  const twin = codec.lookAlike(
    address,
    known.map((other) => other.address),
  );
  if (twin === undefined) return;
  throw ADDRESS_LOOKS_ALIKE(`the address begins and ends like ${twin}, and is another one`, {
    field,
    hint: "ask the customer for the whole address by another channel: this is how address poisoning looks",
    details: { looksLike: twin },
  });
}
