import { isSameWallet } from "../../chains/same-wallet.ts";
import { assetFacts } from "../../core/asset.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { assertFollows } from "../../core/policy/following.ts";
import { needsRates } from "../../core/policy/online/judge.ts";
import { ratesDenial } from "../../core/policy/online/rates.ts";
import { POLICY, type Policy, type PolicyDocument } from "../../core/policy/policy.ts";
import { problemsOf, type Problem } from "../../core/policy/verify.ts";
import { findNewestRates } from "../../store/rates.ts";
import type { Call, Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { readDocument } from "../documents.ts";
import { activePolicyOf } from "./next.ts";
import { assertWallets } from "./wallets.ts";

export const POLICY_FAULTY = declareError(
  "POLICY_FAULTY",
  "verification",
  "A policy has errors that keep it from being pinned.",
);

/** Says all that is wrong with a policy, the active one by default: errors, and what its admins should weigh. */
export const run: Run = async (call) => {
  const [path] = call.args;
  const active = path === undefined ? await withOnline(call, requirePolicy) : await activePolicyOf(call);
  const policy = path === undefined ? (active as PolicyDocument) : await readDocument(call, path, POLICY);
  const follows = active !== undefined && active.digest !== policy.digest && policy.body.number > 1;
  const problems = [
    ...faultOf(() => assertWallets(policy.body)),
    ...(follows ? faultOf(() => assertFollows(active, policy, isSameWallet)) : []),
    ...problemsOf(policy.body),
    ...(active === undefined ? [] : await ratesProblems(call, policy.body)),
  ];
  return answer(call, policy, problems);
};

// Where a limit is in the currency, a payment that nothing values is denied: said before somebody waits for it.
async function ratesProblems(call: Call, { online, rows }: Policy): Promise<readonly Problem[]> {
  const field = "online.limits";
  if (!needsRates(online.limits)) return [];
  return withOnline(call, (opened) => {
    const rates = findNewestRates(opened.store, online.currency);
    const denial = ratesDenial({ ...requirePolicy(opened).body, online }, rates, call.io.now());
    if (denial !== undefined)
      return [{ field, why: `nothing can be valued now: ${denial}`, severity: "warning" }];
    const valued = new Set(rates?.body.rates.map(({ asset }) => asset));
    const missing = new Set(
      rows.filter(({ type, asset }) => type === "withdrawal" && !valued.has(asset)).map(({ asset }) => asset),
    );
    return [...missing].map((asset): Problem => {
      const why = `the rates in force have no ${assetFacts(asset).symbol}: such payments are denied`;
      return { field, why, severity: "warning" };
    });
  });
}

// Of what throws there is the first alone; it stands before what can be listed.
function faultOf(check: () => void): readonly Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return [{ field: error.field ?? error.code, why: error.message, severity: "error" }];
  }
}

function answer({ io }: Call, { digest, body }: PolicyDocument, problems: readonly Problem[]) {
  const errors = problems.filter(({ severity }) => severity === "error");
  const columns = [{ head: "" }, { head: "field" }, { head: "what" }];
  const table = drawTable(
    columns,
    problems.map(({ severity, field, why }) => [severity, field, why]),
    io.stdout,
  );
  return {
    data: {
      digest,
      number: body.number,
      errors: errors.length,
      problems: problems.map((problem) => ({ ...problem })),
    },
    text: problems.length === 0 ? "nothing is wrong with this policy\n" : table,
    ...(errors.length === 0
      ? {}
      : {
          failure: POLICY_FAULTY(`the policy has ${errors.length} errors`, {
            field: errors[0]?.field ?? "policy",
            hint: "correct the file, then custody policy draft --from FILE --out policy.json",
          }),
        }),
  };
}
