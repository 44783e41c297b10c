/**
 * Calls that change who commands a Safe, or let code act past its owners. A payment that holds one is refused by its name
 * (attack E4); the changes that are signed at all have intents of their own (`safe-change.ts`).
 */
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { SELECTOR_BYTES, selectorOf, signatureOf } from "./abi.ts";
import type { Call } from "./multi-send.ts";
import type { PinnedSafe } from "./safe.ts";
import { CHANGE_CALLS } from "./safe-change.ts";

export const SAFE_CONTROL_CALL = declareError(
  "SAFE_CONTROL_CALL",
  "denied",
  "A payment of a Safe calls the Safe itself, or a function that changes who commands one.",
);
/** Whatever a Safe of the three versions, or of those before, does beyond calling out. */
const CONTROL_CALLS = [
  ...CHANGE_CALLS.map(signatureOf),
  "enableModule(address)",
  "setModuleGuard(address)",
  "setup(address[],uint256,address,bytes,address,address,uint256,address)",
  "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
  "execTransactionFromModule(address,uint256,bytes,uint8)",
  "execTransactionFromModuleReturnData(address,uint256,bytes,uint8)",
  "approveHash(bytes32)",
  "simulateAndRevert(address,bytes)",
  "changeMasterCopy(address)",
  "signMessage(bytes)",
  "multiSend(bytes)",
  "migrateSingleton()",
  "migrateWithFallbackHandler()",
  "migrateL2Singleton()",
  "migrateL2WithFallbackHandler()",
  "setupToL2(address)",
  "enableModules(address[])",
] as const;

let controls: ReadonlyMap<string, string> | undefined;

/** The signature of the control function that `data` calls, wherever it is sent; undefined of every other call. */
export function controlCall(data: Uint8Array): string | undefined {
  controls ??= new Map(CONTROL_CALLS.map((signature) => [toHex(selectorOf(signature)), signature]));
  return controls.get(toHex(data.subarray(0, SELECTOR_BYTES)));
}

/** @throws SAFE_CONTROL_CALL */
export function assertNoControl({ to, data }: Call, { address }: PinnedSafe, field: string): void {
  const signature = controlCall(data);
  if (signature === undefined && to !== address) return;
  throw SAFE_CONTROL_CALL(
    `${field} ${signature === undefined ? "calls the Safe itself" : `calls ${signature}`}`,
    {
      field,
      hint: "do not sign: no payment changes who commands a Safe",
      ...(signature === undefined ? {} : { details: { call: signature } }),
    },
  );
}
