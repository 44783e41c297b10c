/** A token's books, as one endpoint has them (ERC-20). */
import { addressBytes, type Address } from "../../chains/evm/address.ts";
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import type { Rpc } from "../bitcoind/rpc.ts";
import type { StateAt } from "./block.ts";
import { simulate } from "./call.ts";

export const EVM_TOKEN_SILENT = declareError(
  "EVM_TOKEN_SILENT",
  "network",
  "A token's contract does not answer as ERC-20 says: it has no code there, or is no token.",
);

/** `balanceOf(address)`. */
const BALANCE_OF = "70a08231";

/** @throws EVM_TOKEN_SILENT */
export async function readTokenBalance(
  rpc: Rpc,
  { token, holder }: { readonly token: Address; readonly holder: Address },
  at: StateAt,
): Promise<bigint> {
  const data = `${BALANCE_OF}${toHex(addressBytes(holder)).padStart(64, "0")}`;
  const said = await simulate(rpc, { to: token, data }, at);
  if (said.type === "done" && said.output.length === 64) return BigInt(`0x${said.output}`);
  const why = said.type === "failed" ? said.reason : `it returned ${said.output.length / 2} bytes`;
  throw EVM_TOKEN_SILENT(`${token} does not say what ${holder} holds: ${why}`, {
    field: "token",
    hint: "compare the token's contract in the policy with the chain's registry",
  });
}
