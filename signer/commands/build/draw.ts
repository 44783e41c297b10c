import type { BuildDocument } from "../../../src/core/documents/build.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { buildQuorums } from "../../../src/core/policy/builds.ts";
import type { PolicyDocument } from "../../../src/core/policy/policy.ts";
import { drawFacts } from "../../../src/terminal/table.ts";

/** Who vouches for a build, in the words of its quorums: `admins alice, ben: 2 of 2`. */
function voucherFacts(
  build: BuildDocument,
  { body }: PolicyDocument,
): readonly (readonly [string, string])[] {
  return buildQuorums(body, build).map(({ role, signed, need }) => {
    const names = signed.map(({ identity }) => identity.name).join(", ");
    return [
      role === "admin" ? "admins" : "build keys",
      `${names}: ${signed.length} of ${need} needed`,
    ] as const;
  });
}

export function drawBuild(
  build: BuildDocument,
  policy: PolicyDocument,
  sha256: Digest,
  verdict: string,
): string {
  const { program } = build.body;
  return drawFacts([
    ["program", `version ${program}`],
    ["sha256", sha256],
    ...voucherFacts(build, policy),
    ["verdict", verdict],
  ]);
}
