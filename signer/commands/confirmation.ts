/** What the officer does at gate G11: reads, opens the logbook, retypes. */
import {
  amount,
  formatAmount,
  formatDecimal,
  parseAmount,
  totals,
  type Amount,
} from "../../src/core/amount.ts";
import { assetFacts, nativeAsset } from "../../src/core/asset.ts";
import type { Network } from "../../src/core/chain.ts";
import { parseDigest, type Digest } from "../../src/core/digest.ts";
import type { PlanReview, ReviewDocument } from "../../src/core/documents/review.ts";
import { declareError } from "../../src/core/errors.ts";
import type { Name } from "../../src/core/identifier.ts";
import { checkWords } from "../../src/core/words.ts";
import { optionalFlag, type Call } from "../../src/terminal/command.ts";
import type { Io } from "../../src/terminal/io.ts";
import { ask, RETYPED_WRONG, retype } from "../../src/terminal/prompt.ts";
import { drawReview } from "../../src/terminal/review/text.ts";
import { assertConfirmAllowed } from "./confirm-flag.ts";
import { askLogbook } from "./logbook.ts";

export const SIGNING_NEEDS_PERSON = declareError(
  "SIGNING_NEEDS_PERSON",
  "usage",
  "Outside regtest signing needs a person at a terminal.",
);

/** What was confirmed: the full review digest, and the last head of the logbook kept apart from this machine. */
export type Confirmation = { readonly digest: Digest; readonly logbook: Digest };

/**
 * Scripts on regtest give `--confirm` with the full digest; everyone else reads the review and retypes what
 * each plan pays of each asset and six check words, which are of no use to anyone who has not read them here.
 * @throws CONFIRM_REGTEST_ONLY, SIGNING_NEEDS_PERSON, RETYPED_WRONG, ANSWER_MISSING, CANCELLED
 */
export async function askConfirmation(call: Call, review: ReviewDocument): Promise<Confirmation> {
  const { network } = review.body;
  const given = optionalFlag(call.flags, "confirm");
  if (given !== undefined) {
    assertConfirmAllowed(network);
    return { digest: parseDigest(given, "--confirm"), logbook: await askLogbook(call) };
  }
  if (network !== "regtest" && !call.io.stdin.isTTY) {
    throw SIGNING_NEEDS_PERSON(`signing on ${network} needs a person at a terminal`, {
      field: "stdin",
      hint: "run the command in a terminal",
    });
  }
  call.io.stderr.write(drawReview(review, call.io.paint.err));
  const logbook = await askLogbook(call);
  for (const plan of review.body.plans) await retypeTotals(call.io, plan.wallet, paidBy(plan), network);
  await retype(call.io, "The six check words:", checkWords(review.digest), "--confirm");
  return { digest: review.digest, logbook };
}

/**
 * A total of each asset: a number that counts two of them is nobody's. What pays nobody has none, and its check words alone are
 * retyped. @throws RETYPED_WRONG, ANSWER_MISSING
 */
export async function retypeTotals(
  io: Io,
  wallet: Name,
  paid: readonly Amount[],
  network: Network,
): Promise<void> {
  for (const total of totals(paid)) if (total.units > 0n) await retypeTotal(io, wallet, total, network);
}

// A policy lists no two assets of one symbol; the review above names the contract.
async function retypeTotal(io: Io, wallet: Name, total: Amount, network: Network): Promise<void> {
  const asked = `Total that wallet ${wallet} pays out, in ${network} ${assetFacts(total.asset).symbol}:`;
  const typed = await ask(io, asked, "--confirm");
  if (parseAmount(typed, total.asset, "total").units === total.units) return;
  throw RETYPED_WRONG(`you typed ${typed}, the plan pays ${formatAmount(total)}; nothing was signed`, {
    field: "total",
    hint: `compare again and repeat the command (${formatDecimal(total)})`,
  });
}

// Every rung pays the same: G6 matched each of them with the same intents.
function paidBy({ chain, rungs }: PlanReview): readonly Amount[] {
  const effects = rungs[0]?.effects ?? [];
  return effects.flatMap((effect) =>
    effect.type === "pay" || effect.type === "own"
      ? [amount(effect.asset ?? nativeAsset(chain), BigInt(effect.units))]
      : [],
  );
}
