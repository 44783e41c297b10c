import type { BuildDocument } from "../../src/core/documents/build.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { missingForBuild } from "../../src/core/policy/builds.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import type { Running } from "../../src/terminal/running.ts";
import { assertNode, formOf } from "../program/judge.ts";
import type { Check } from "./check.ts";

/**
 * Whether the program that runs is the one whose build is pinned, and people still stand behind it. It finds a file
 * that was changed by accident or mixed up; a program that was changed on purpose says what it likes, and is found by
 * `sha256sum` on another machine.
 */
export function programCheck(
  program: Running,
  pinned: BuildDocument | undefined,
  policy: Policy | undefined,
): Check {
  const name = "program";
  if (pinned === undefined)
    return {
      name,
      result: "warning",
      says: `version ${program.version}; no build is pinned: custody-signer build pin --in build.json`,
    };
  try {
    const form = formOf(pinned, program.sumOf(program.file ?? program.nodeFile), program.platform);
    if (form === "script") assertNode(pinned, program.sumOf(program.nodeFile).sha256, program.platform);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { name, result: "failed", says: `not the program whose build is pinned: ${error.message}` };
  }
  const { program: version } = pinned.body;
  const missing = policy === undefined ? ["no policy is pinned"] : missingForBuild(policy, pinned);
  return missing.length === 0
    ? {
        name,
        result: "ok",
        says: `version ${version}, as the admins signed it, on node ${program.nodeVersion}`,
      }
    : {
        name,
        result: "warning",
        says: `version ${version} is no longer vouched for (${missing.join(", ")}): have its build signed again`,
      };
}
