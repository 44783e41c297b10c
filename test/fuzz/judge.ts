/** One input judged: the decoder returns or throws a typed error, in bounded time and memory, and spells alike. */
import { CustodyError } from "../../src/core/errors.ts";
import { equalBytes } from "../../src/core/hex.ts";
import type { Target } from "./target.ts";

export type Verdict =
  | { readonly type: "accepted" }
  | { readonly type: "refused"; readonly code: string }
  | { readonly type: "finding"; readonly what: string; readonly where: string };

const CPU_SECONDS_MAX = 1;
const MEGABYTES_MAX = 128;
/** An error's message is for a person, who reads no megabyte of it, and for a log. */
const MESSAGE_CHARACTERS_MAX = 4096;

const MEGABYTE = 1024 * 1024;

/** @param sample whether the input is one that has to be accepted */
export async function judge(target: Target, input: Uint8Array, sample = false): Promise<Verdict> {
  const first = await measured(target, input);
  const verdict = first.verdict ?? overspent(target, first);
  if (verdict.type === "finding" && verdict.where === "time") {
    // Once again, for a machine that stopped to collect its garbage.
    const second = await measured(target, input);
    return second.verdict ?? overspent(target, second);
  }
  if (sample && verdict.type === "refused") return finding(`a valid sample is refused: ${verdict.code}`);
  return verdict;
}

type Measured = {
  readonly verdict: Verdict | undefined;
  readonly answer: Verdict;
  readonly cpuSeconds: number;
  readonly megabytes: number;
};

async function measured(target: Target, input: Uint8Array): Promise<Measured> {
  const copy = Uint8Array.from(input);
  const buffers = process.memoryUsage().arrayBuffers;
  const resident = process.resourceUsage().maxRSS;
  const started = process.cpuUsage();
  const answer = await answerOf(target, copy);
  const { user, system } = process.cpuUsage(started);
  const taken = process.memoryUsage().arrayBuffers - buffers;
  const grown = (process.resourceUsage().maxRSS - resident) * 1024;
  const changed = !equalBytes(copy, input);
  return {
    verdict:
      answer.type === "finding"
        ? answer
        : changed
          ? finding("the decoder wrote into its input", "input")
          : undefined,
    answer,
    cpuSeconds: (user + system) / 1e6,
    megabytes: Math.max(taken, grown) / MEGABYTE,
  };
}

function overspent(target: Target, { answer, cpuSeconds, megabytes }: Measured): Verdict {
  const { cpuSecondsMax = CPU_SECONDS_MAX, megabytesMax = MEGABYTES_MAX } = target;
  if (cpuSeconds > cpuSecondsMax) return finding(`took ${cpuSeconds.toFixed(2)} s of CPU`, "time");
  if (megabytes > megabytesMax) return finding(`took ${Math.round(megabytes)} MiB`, "memory");
  return answer;
}

async function answerOf(target: Target, input: Uint8Array): Promise<Verdict> {
  try {
    const answer = target.decode(input);
    const again = answer instanceof Promise ? await answer : answer;
    if (again !== undefined && !equalBytes(again, input))
      return finding("is accepted, and spelt another way when it is written again", "spelling");
    return { type: "accepted" };
  } catch (error) {
    if (!(error instanceof CustodyError)) return finding(stackOf(error), placeOf(error));
    if (error.exit === "bug") return finding(`typed as a bug: ${error.code}`, error.code);
    if (error.message.length > MESSAGE_CHARACTERS_MAX)
      return finding(
        `${error.code} has a message of ${error.message.length} characters`,
        `message ${error.code}`,
      );
    return { type: "refused", code: error.code };
  }
}

function finding(what: string, where = what): Verdict {
  return { type: "finding", what, where };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : `threw ${String(error)}`;
}

/** Where it was thrown: findings at one place are one. */
function placeOf(error: unknown): string {
  const lines = stackOf(error).split("\n");
  return lines.find((line) => /^\s+at /.test(line))?.trim() ?? lines[0] ?? "";
}
