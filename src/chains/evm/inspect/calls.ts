/** What calls of contracts say for themselves: by the few shapes that are known here, each argument shown; the rest by its first bytes. */
import { formatAmount } from "../../../core/amount.ts";
import { nativeAsset } from "../../../core/asset.ts";
import type { ChainId } from "../../../core/chain.ts";
import { CustodyError } from "../../../core/errors.ts";
import { toHex } from "../../../core/hex.ts";
import type { Fact, NeverSigned, Paid } from "../../summary.ts";
import { assertNoAllowance, CALLDATA_UNKNOWN, decodeErc20Call } from "../erc20.ts";
import { decodeMultiSend, isMultiSend, type Call } from "../multi-send.ts";
import { decodeExecution, isExecution } from "../safe-execution.ts";
import { changeSaid } from "../safe-change.ts";
import type { SafeTx } from "../safe.ts";
import { allowanceFacts } from "./allowances.ts";

export type CallSummary = {
  readonly facts: readonly Fact[];
  readonly pays: readonly Paid[];
  readonly warnings: readonly string[];
  readonly refusals: readonly NeverSigned[];
};

const NOTHING: CallSummary = { facts: [], pays: [], warnings: [], refusals: [] };
/** Batches and executions within one another: no wallet nests them. */
const DEPTH_MAX = 3;

/** @param depth of the calls that this one is within */
export function describeCall(call: Call, chain: ChainId, depth = 0): CallSummary {
  const moved = call.value === 0n ? NOTHING : coins(call, chain);
  if (call.data.length === 0) return moved;
  return together([moved, describeData(call, chain, depth)]);
}

export function together(all: readonly CallSummary[]): CallSummary {
  return {
    facts: all.flatMap(({ facts }) => facts),
    pays: all.flatMap(({ pays }) => pays),
    warnings: all.flatMap(({ warnings }) => warnings),
    refusals: all.flatMap(({ refusals }) => refusals),
  };
}

/** What a Safe is told to do. A delegate call runs another's code as the Safe's own. */
export function describeSafeTx(tx: SafeTx, chain: ChainId, depth = 0): CallSummary {
  const change = describeChange(tx);
  if (change !== undefined) return change;
  const said = describeCall(tx, chain, depth);
  if (tx.operation === 0 || isMultiSend(tx.data)) return said;
  const why = `the Safe would run the code at ${tx.to} as its own (delegate call)`;
  return { ...said, refusals: [...said.refusals, { rule: "SAFE_DELEGATE_CALL", why }] };
}

/** @returns undefined of what changes nothing of that */
function describeChange(tx: SafeTx): CallSummary | undefined {
  try {
    const change = changeSaid(tx);
    return change === undefined
      ? undefined
      : fact("changes", `who commands the Safe ${tx.to}: ${change}; for intents of type control alone`);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return refused(tx, error);
  }
}

function coins({ to, value }: Call, chain: ChainId): CallSummary {
  const amount = formatAmount({ asset: nativeAsset(chain), units: value });
  return {
    ...NOTHING,
    facts: [["pays", `${amount} to ${to}`]],
    pays: [{ amount, address: to, otherwise: to }],
  };
}

function describeData(call: Call, chain: ChainId, depth: number): CallSummary {
  const { to, data } = call;
  if (depth >= DEPTH_MAX) return unread(call, `calls within calls, more than ${DEPTH_MAX} deep`);
  try {
    if (isMultiSend(data)) {
      const batch = decodeMultiSend(data);
      const each = batch.map((one) => describeCall(one, chain, depth + 1));
      return together([fact("batch", `${batch.length} calls, packed for ${to}`), ...each]);
    }
    if (isExecution(data)) {
      // Its nonce is the contract's own, and stands nowhere in the call.
      const { tx, signatures } = decodeExecution(data, 0n);
      const inner = describeSafeTx(tx, chain, depth + 1);
      return together([
        fact("executes", `for the Safe ${to}, with ${signatures.length} bytes of signatures`),
        inner,
      ]);
    }
    const { to: payee, units } = decodeErc20Call(data, to);
    const amount = `${units} base units of token ${to}`;
    return {
      ...NOTHING,
      facts: [["pays", `${amount} to ${payee}`]],
      pays: [{ amount, address: payee, otherwise: payee }],
    };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return refused(call, error);
  }
}

function refused({ to, data }: Call, { code, message }: CustodyError): CallSummary {
  const allowed = allowsSomebody(data) ? allowanceFacts(data) : undefined;
  const rule: NeverSigned = { rule: code, why: message };
  if (allowed !== undefined) {
    const facts: readonly Fact[] = [["calls", `token ${to}`], ...allowed.facts];
    return { ...NOTHING, facts, warnings: allowed.warnings, refusals: [rule] };
  }
  return together([
    unread({ to, data, value: 0n }, "nothing here knows what that does"),
    { ...NOTHING, refusals: [rule] },
  ]);
}

function allowsSomebody(data: Uint8Array): boolean {
  try {
    assertNoAllowance(data, "data");
    return false;
  } catch (error) {
    if (error instanceof CustodyError) return true;
    throw error;
  }
}

function unread({ to, data }: Call, why: string): CallSummary {
  return {
    ...NOTHING,
    facts: [["calls", `${to} with ${data.length} bytes, 0x${toHex(data.subarray(0, 4))}…: ${why}`]],
    refusals: [{ rule: CALLDATA_UNKNOWN.code, why: `a call of ${to} cannot be read` }],
  };
}

const fact = (label: string, value: string): CallSummary => ({ ...NOTHING, facts: [[label, value]] });
