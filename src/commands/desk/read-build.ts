import type { BuildDocument } from "../../core/documents/build.ts";
import { buildQuorums, missingForBuild } from "../../core/policy/builds.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Fact } from "../../terminal/reading.ts";
import { namesOf, signedAs, type Findings } from "./reading.ts";

/** Hashes stand as `sha256sum` prints them: whoever signs compares them with those of a build of their own. */
export function readBuild(document: BuildDocument, policy: Policy | undefined): Findings {
  const { program, file, executables, nodes, keystore } = document.body;
  const quorums = policy === undefined ? [] : buildQuorums(policy, document);
  return {
    facts: [
      ["BUILD", `version ${program} of the signer's program: it can do whatever a policy forbids`],
      ["signer file", file.sha256],
      ["its size", `${file.bytes} bytes`],
      ...executables.flatMap(({ platform, sha256 }): readonly Fact[] => [[`executable ${platform}`, sha256]]),
      ...nodes.map(({ platform, version, sha256 }): Fact => [`node ${version} ${platform}`, sha256]),
      ["opens", `keystore files from version ${keystore}`],
      ...quorums.map(
        ({ role, signed, need }): Fact => [
          role === "admin" ? "admins" : "build keys",
          `${namesOf(signed)}: ${signed.length} of ${need}`,
        ],
      ),
    ],
    signed: quorums.flatMap(({ role, signed }) => signedAs(role, signed)),
    missing: policy === undefined ? [] : missingForBuild(policy, document),
    warnings: ["sign only what you built yourself from the release's sources: the hashes must be yours"],
  };
}
