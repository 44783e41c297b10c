/**
 * A task and a snapshot to a plan of one account: one transaction, one nonce. Several payments are several plans, each with
 * the nonce after the one before. Pure: the same arguments give the same bytes.
 */
import { splitAccount } from "../../core/account.ts";
import { nativeAsset } from "../../core/asset.ts";
import { NO_SHARE } from "../../core/policy/fee-caps.ts";
import { controlsNothing } from "../control.ts";
import type { BuildOptions, BuildTask, BuiltPlan, Payment, WalletView } from "../adapter.ts";
import { assertPays, PLAIN_GAS } from "./account-effects.ts";
import { parseAddress } from "./address.ts";
import { buildAttestation } from "./attestation.ts";
import { encodeTransfer } from "./erc20.ts";
import { ladder, short, type Call, type Job } from "./ladder.ts";
import { nonceOf } from "./nonce-key.ts";
import type { EvmSnapshot } from "./snapshot.ts";
import {
  DESTINATION_REFUSES,
  FACT_MISSING,
  NONCE_TAKEN,
  nonceUsed,
  ONE_PAYMENT,
  TASK_UNKNOWN,
} from "./build-errors.ts";
import { buildSafeCancel, buildSafeChange, buildSafePayments } from "./safe-build.ts";
import { isSafe } from "./safe-descriptor.ts";
import { contractOf } from "./tokens.ts";
import { walletAccount } from "./wallet.ts";

/**
 * @throws EVM_ONE_PAYMENT, EVM_TASK_UNKNOWN, EVM_NONCE_TAKEN, EVM_BALANCE_SHORT, EVM_FACT_MISSING, EVM_TRANSFER_TO,
 *   EVM_PAYS_NOTHING, EVM_FEE_RATES_INVALID, FEE_…_CAP; errors about a payment name its number in `details.payment`
 */
export function build(
  task: BuildTask,
  view: WalletView,
  snapshot: EvmSnapshot,
  options: BuildOptions,
): BuiltPlan {
  if (task.type === "pay" && isSafe(view.wallet))
    return buildSafePayments(task.payments, view, snapshot, options);
  if (task.type === "cancel" && isSafe(view.wallet))
    return buildSafeCancel(task.conflictKeys, view, snapshot);
  if (task.type === "control" && isSafe(view.wallet)) return buildSafeChange(task.change, view, snapshot);
  const job = () => ({ view, account: walletAccount(view), snapshot, options });
  if (task.type === "pay") return buildPayment(job(), task.payments);
  if (task.type === "cancel") return buildCancel(job(), task.conflictKeys);
  if (task.type === "attest" && !isSafe(view.wallet)) return buildAttestation(task, view);
  if (task.type === "control") throw controlsNothing(view.wallet);
  throw TASK_UNKNOWN(`an account has no task ${task.type}`, { field: "type" });
}

function buildPayment(job: Job, payments: readonly Payment[]): BuiltPlan {
  const [payment, ...others] = payments;
  if (payment === undefined || others.length > 0) {
    throw ONE_PAYMENT(`an account pays one destination at a time, not ${payments.length}`, {
      field: "payments",
      details: { payment: 1, anotherPlan: true },
      hint: "build with --max 1, one plan for each payment",
    });
  }
  const call = callFor(payment, job);
  assertHeld(payment.amount, job);
  return ladder(job, call, nonceFor(job, job.options.anchors), true);
}

/** Uses up a nonce that a plan holds which nobody wants any more: whatever waits behind it can go on. */
function buildCancel(job: Job, conflictKeys: readonly string[]): BuiltPlan {
  const { address } = job.account;
  const nothing = { to: address, value: 0n, data: new Uint8Array(), gasLimit: PLAIN_GAS };
  return ladder(job, { ...nothing, paid: NO_SHARE }, nonceFor(job, conflictKeys), false);
}

function callFor(
  { account, amount: { asset, units }, contract, own: ours }: Payment,
  { view, account: own, snapshot }: Job,
): Call {
  const { chain, address } = splitAccount(account);
  const coin = nativeAsset(view.wallet.chain);
  if (chain !== view.wallet.chain || (asset !== coin && !view.tokens.includes(asset))) {
    throw ONE_PAYMENT(`${asset} is neither the coin of ${view.wallet.chain} nor a token of the policy`, {
      field: "payments[0].asset",
      details: { payment: 0 },
    });
  }
  const to = parseAddress(address);
  assertPays({ to, units }, own.address, view.tokens, {
    field: "payments[0].account",
    details: { payment: 0 },
    hint: "ask whoever gave the destination for their own address",
  });
  const refusal = snapshot.refused?.find((simulated) => simulated.account === account);
  if (refusal !== undefined) {
    throw DESTINATION_REFUSES(`${address} would not take ${units} units of ${asset}: ${refusal.why}`, {
      field: "payments[0].account",
      details: { payment: 0 },
      hint: "ask for another destination, or try again once its contract takes it",
    });
  }
  const gas = snapshot.gas.find((simulated) => simulated.account === account)?.limit;
  if (asset === coin) {
    const gasLimit = coinGas({ account, contract, own: ours }, gas);
    return { to, value: units, data: new Uint8Array(), gasLimit, paid: units };
  }
  // How much a token's contract takes, nothing but its own code says.
  if (gas === undefined) throw missing("gas", `what a transfer of ${asset} to ${address} takes`);
  const token = contractOf(asset);
  const data = encodeTransfer({ token, to, units });
  return { to: token, value: 0n, data, gasLimit: BigInt(gas), paid: NO_SHARE };
}

// A plain account gets no gas that code of its own could use (a delegation, EIP-7702): people have signed it as one.
function coinGas(
  { account, contract, own }: Pick<Payment, "account" | "contract" | "own">,
  gas: number | undefined,
): bigint {
  if (own !== undefined) return BigInt(gas ?? PLAIN_GAS);
  if (contract === undefined) return PLAIN_GAS;
  if (gas === undefined) throw missing("gas", `what a payment to ${account} takes`);
  if (gas <= contract.gasLimit) return BigInt(gas);
  throw DESTINATION_REFUSES(`a payment to ${account} takes ${gas} gas, ${contract.gasLimit} were signed`, {
    field: "payments[0].account",
    details: { payment: 0 },
    hint: "custody beneficiary add … --contract --gas-limit GAS   (people sign it anew)",
  });
}

function assertHeld({ asset, units }: Payment["amount"], { account, view, snapshot }: Job): void {
  if (asset === nativeAsset(view.wallet.chain)) return;
  const held = snapshot.tokens?.find((token) => token.asset === asset)?.balance;
  if (held === undefined) throw missing("tokens", `how much of ${asset} ${account.address} holds`);
  if (units > BigInt(held))
    throw short(`${account.address} holds ${held} units of ${asset}, ${units} are paid`);
}

function missing(field: string, what: string) {
  return FACT_MISSING(`the chain facts do not say ${what}`, {
    field: `snapshot.${field}`,
    details: { payment: 0 },
    hint: "build again once the node answers: custody doctor",
  });
}

// Whoever has a nonce before holds it: what takes its place has the same (law 4).
function nonceFor({ account, view, snapshot }: Job, keys: readonly string[]): bigint {
  const [key, ...others] = keys;
  if (key === undefined) return BigInt(snapshot.nonce);
  const held = nonceOf(key);
  if (held?.chain === view.wallet.chain && held.address === account.address && others.length === 0) {
    if (held.nonce >= BigInt(snapshot.nonce)) return held.nonce;
    throw nonceUsed(held.nonce, account.address);
  }
  throw NONCE_TAKEN(`${keys.join(", ")} is not one nonce of ${account.address}`, {
    field: "conflictKeys",
    hint: "name the nonce as ADDRESS:NONCE",
  });
}
