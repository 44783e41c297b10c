/** The largest batch that can be built: what cannot be paid is left out, and never stops a wallet (failure F16). */
import type { BuildOptions, BuiltPlan, ChainBuilder, Payment, WalletView } from "../../chains/adapter.ts";
import { contractAt } from "../../core/documents/beneficiary.ts";
import { assert, CustodyError, declareError } from "../../core/errors.ts";
import type { Candidate, Judged } from "./candidates.ts";

export const NOTHING_TO_BUILD = declareError(
  "NOTHING_TO_BUILD",
  "notFound",
  "No withdrawal is ready for this wallet.",
);

/** Errors of builders that a smaller batch may not meet. */
const TOO_MUCH: ReadonlySet<string> = new Set([
  "INSUFFICIENT_COINS",
  "TRANSACTION_TOO_HEAVY",
  "PAYMENTS_NONE",
]);

type Attempted =
  | { readonly type: "built"; readonly built: BuiltPlan }
  /** One payment cannot be made in any batch. */
  | { readonly type: "unpayable"; readonly index: number; readonly error: CustodyError }
  | { readonly type: "tooMuch"; readonly error: CustodyError };

export type Batch = Judged & { readonly built: BuiltPlan };

/**
 * Builds the candidates that can be built together: all of them, or the oldest that the wallet's coins can pay. A single
 * payment that nobody could make (dust, an address of our own) is taken out; so is the oldest, if the coins do not even
 * pay it alone.
 * @throws NOTHING_TO_BUILD, and the builder's other errors
 */
export function buildBatch<Snapshot>(
  builder: Pick<ChainBuilder<Snapshot>, "build">,
  input: { readonly view: WalletView; readonly snapshot: Snapshot; readonly options: BuildOptions },
  judged: Judged,
): Batch {
  const candidates = [...judged.candidates];
  const leftOut = [...judged.leftOut];
  let last: CustodyError | undefined;
  while (candidates.length > 0) {
    const { count, attempted, error } = oldestThatFit(candidates.length, (size) =>
      attempt(builder, input, candidates.slice(0, size)),
    );
    last = error ?? last;
    if (attempted.type === "built") {
      const rest = candidates.splice(count).map(({ withdrawal }) => ({ withdrawal, why: whyOf(error) }));
      return { built: attempted.built, candidates, leftOut: [...leftOut, ...rest] };
    }
    const index = attempted.type === "unpayable" ? attempted.index : 0;
    const [unpayable] = candidates.splice(index, 1);
    assert(unpayable !== undefined, "the builder names one of the payments that it was given");
    const again = attempted.error.details["anotherPlan"] === true;
    leftOut.push({
      withdrawal: unpayable.withdrawal,
      why: whyOf(attempted.error),
      ...(again ? { again } : {}),
    });
  }
  if (last !== undefined) throw last;
  throw NOTHING_TO_BUILD(`no withdrawal is ready for wallet ${input.view.wallet.name}`, {
    field: "--wallet",
    hint: "custody withdraw queue",
    details: { leftOut: leftOut.map(({ withdrawal, why }) => `${withdrawal.id}: ${why}`) },
  });
}

type Fit = {
  readonly count: number;
  readonly attempted: Attempted;
  /** Why no more fit. */
  readonly error: CustodyError | undefined;
};

// Halving, for a builder takes seconds over a thousand payments. A batch of one that does not fit is answered as it is.
function oldestThatFit(all: number, tryFirst: (count: number) => Attempted): Fit {
  const whole = tryFirst(all);
  if (whole.type !== "tooMuch") return { count: all, attempted: whole, error: undefined };
  let best: Fit = { count: 0, attempted: whole, error: whole.error };
  for (let [fits, tooMany] = [0, all]; tooMany - fits > 1; ) {
    const middle = Math.floor((fits + tooMany) / 2);
    const attempted = tryFirst(middle);
    if (attempted.type === "unpayable") return { count: middle, attempted, error: undefined };
    if (attempted.type === "built") {
      best = { count: middle, attempted, error: best.error };
      fits = middle;
    } else {
      tooMany = middle;
    }
  }
  return best;
}

function attempt<Snapshot>(
  builder: Pick<ChainBuilder<Snapshot>, "build">,
  { view, snapshot, options }: Parameters<typeof buildBatch<Snapshot>>[1],
  candidates: readonly Candidate[],
): Attempted {
  const payments = paymentsOf(candidates);
  try {
    return { type: "built", built: builder.build({ type: "pay", payments }, view, snapshot, options) };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    const index = error.details["payment"];
    if (typeof index === "number") return { type: "unpayable", index, error };
    if (TOO_MUCH.has(error.code)) return { type: "tooMuch", error };
    throw error;
  }
}

/** What the builder is asked to pay, in the candidates' order. */
export function paymentsOf(candidates: readonly Candidate[]): readonly Payment[] {
  return candidates.map(({ withdrawal, beneficiary }) => ({
    account: beneficiary.body.account,
    memo: beneficiary.body.memo,
    amount: withdrawal.amount,
    contract: contractAt(beneficiary),
  }));
}

function whyOf(error: CustodyError | undefined): string {
  return error === undefined ? "it does not fit" : `${error.code}: ${error.message}`;
}
