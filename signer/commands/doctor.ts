import { CustodyError, declareError } from "../../src/core/errors.ts";
import { vouchedSince } from "../../src/core/policy/builds.ts";
import type { Call, Outcome, Run } from "../../src/terminal/command.ts";
import { running, type Running } from "../../src/terminal/running.ts";
import { drawTable } from "../../src/terminal/table.ts";
import type { Check } from "../doctor/check.ts";
import { clockCheck } from "../doctor/clock.ts";
import { journalCheck, permissionCheck, policyCheck } from "../doctor/home.ts";
import { loadsCheck } from "../doctor/loads.ts";
import { machine, type Machine } from "../doctor/machine.ts";
import { coreDumpCheck, swapCheck } from "../doctor/memory.ts";
import { networkCheck } from "../doctor/network.ts";
import { programCheck } from "../doctor/program.ts";
import { homeOfCall, type Home } from "../keystore/home.ts";
import { load } from "../keystore/load.ts";
import { pinnedBuild } from "../program/pinned.ts";

export const SIGNER_UNSOUND = declareError("SIGNER_UNSOUND", "verification", "A check of the signer failed.");

/** Looks for what would make this signer refuse, or be unsafe. Changes nothing. */
export const run: Run = async (call) => examine(call, machine(), running());

export async function examine(call: Call, facts: Machine, program: Running): Promise<Outcome> {
  const home = homeOfCall(call);
  const checks = [
    permissionCheck(home),
    ...homeChecks(call, home, program),
    loadsCheck(facts),
    networkCheck(facts),
    swapCheck(facts),
    coreDumpCheck(facts),
  ];
  const failed = checks.some(({ result }) => result === "failed");
  return {
    data: { network: home.network, checks },
    text: drawTable(
      [{ head: "CHECK" }, { head: "RESULT" }, { head: "SAYS" }],
      checks.map(({ name, result, says }) => [name, result, says]),
      call.io.stdout,
    ),
    warnings: checks.filter(({ result }) => result === "warning").map(({ says }) => says),
    failure: failed
      ? SIGNER_UNSOUND("this signer is not fit to sign", { hint: "mend what the table says FAILED" })
      : undefined,
  };
}

// Without a journal nothing else of the home can be judged.
function homeChecks({ io }: Call, home: Home, program: Running): readonly Check[] {
  try {
    const loaded = load(home);
    const { time } = loaded.read.journal;
    const policy = loaded.policy?.body;
    const pinned = pinnedBuild(home);
    return [
      journalCheck(loaded),
      policyCheck(policy, io.now(), time),
      programCheck(program, pinned, policy),
      clockCheck({
        clock: io.now(),
        journalTime: time,
        buildSigned: policy && pinned && vouchedSince(policy, pinned),
        policy,
      }),
    ];
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return [{ name: "home", result: "failed", says: error.message }];
  }
}
