/** A row of cases of one target, run in this process. */
import { judge, type Verdict } from "./judge.ts";
import { inputOf, type Target } from "./target.ts";

/** Cases from `from` on: so many, or until the time is over. */
export type Job = {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  readonly cases?: number;
  readonly seconds?: number;
};

export type Finding = { readonly target: string; readonly case: number; readonly what: string };

export type Result = {
  readonly target: string;
  readonly cases: number;
  readonly accepted: number;
  /** How often each code was the answer. */
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly findings: readonly Finding[];
};

/** Findings at one place of the code are told so often. */
const ALIKE_MAX = 2;

/** @param before is told the number of each case before it is run, so that whoever looks on knows which one did not end */
export async function runJob(target: Target, job: Job, before: (number: number) => void): Promise<Result> {
  const started = process.hrtime.bigint();
  const elapsed = () => Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000;
  const samples = target.samples().length;
  const refused = new Map<string, number>();
  const places = new Map<string, number>();
  const findings: Finding[] = [];
  let accepted = 0;
  let number = job.from;
  const goesOn = () =>
    job.cases === undefined ? elapsed() < (job.seconds ?? 0) : number < job.from + job.cases;
  for (; goesOn(); number++) {
    before(number);
    const verdict: Verdict = await judge(target, inputOf(target, job.seed, number), number < samples);
    if (verdict.type === "accepted") accepted += 1;
    else if (verdict.type === "refused") refused.set(verdict.code, (refused.get(verdict.code) ?? 0) + 1);
    else {
      const alike = (places.get(verdict.where) ?? 0) + 1;
      places.set(verdict.where, alike);
      if (alike <= ALIKE_MAX) findings.push({ target: target.name, case: number, what: verdict.what });
    }
  }
  const cases = number - job.from;
  return {
    target: target.name,
    cases,
    accepted,
    refused: Object.fromEntries(refused),
    seconds: elapsed(),
    findings,
  };
}
