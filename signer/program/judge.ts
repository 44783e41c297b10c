/** Whether a file may become this signer's program: what people have signed of it, and what this home needs. Pure. */
import type { Network } from "../../src/core/chain.ts";
import type { Digest } from "../../src/core/digest.ts";
import { assertBelongs } from "../../src/core/document.ts";
import type { BuildDocument } from "../../src/core/documents/build.ts";
import { declareError } from "../../src/core/errors.ts";
import type { Instant } from "../../src/core/instant.ts";
import { missingForBuild } from "../../src/core/policy/builds.ts";
import { custodyId, type PolicyDocument } from "../../src/core/policy/policy.ts";
import { compareVersions, parseProgramVersion } from "../../src/core/program-version.ts";

export const BUILD_UNSIGNED = declareError(
  "BUILD_UNSIGNED",
  "denied",
  "A build of the signer's program lacks signatures that the pinned policy asks for.",
);
export const BUILD_OLDER = declareError(
  "BUILD_OLDER",
  "denied",
  "A build is older than the program that runs or the one that is pinned.",
);
export const BUILD_CANNOT_OPEN_KEYS = declareError(
  "BUILD_CANNOT_OPEN_KEYS",
  "denied",
  "A build does not open keystore files as old as this signer's.",
);
export const BUILD_POLICY_EXPIRED = declareError(
  "BUILD_POLICY_EXPIRED",
  "denied",
  "The pinned policy has expired, so that nobody's signature under a build counts.",
);
export const BUILD_FILE_DIFFERS = declareError(
  "BUILD_FILE_DIFFERS",
  "verification",
  "A program's file is not one that the build names.",
);
export const BUILD_NODE_DIFFERS = declareError(
  "BUILD_NODE_DIFFERS",
  "verification",
  "A build does not name the node that runs the signer.",
);

type Sum = { readonly sha256: Digest; readonly bytes: number };

/** What this signer brings to a build. */
export type Site = {
  readonly network: Network;
  readonly policy: PolicyDocument;
  /** The later of clock and journal time. */
  readonly now: Instant;
  /** Version of the program that judges. */
  readonly version: string;
  readonly pinned: BuildDocument | undefined;
  /** The lowest version among the keystore's files. */
  readonly keystore: number;
};

/**
 * Whether people stand behind the build, and whether it fits this home.
 * @throws DOCUMENT_WRONG_NETWORK, DOCUMENT_WRONG_CUSTODY, BUILD_POLICY_EXPIRED, BUILD_UNSIGNED, BUILD_OLDER,
 *   BUILD_CANNOT_OPEN_KEYS
 */
export function assertVouchedFor(build: BuildDocument, site: Site): void {
  const { policy, network, now, keystore } = site;
  assertBelongs(build, { network, custody: custodyId(policy) });
  if (now > policy.body.expires) {
    throw BUILD_POLICY_EXPIRED(`the pinned policy expired at ${policy.body.expires}`, {
      field: "policy.expires",
      hint: "custody-signer policy pin --in policy.json   (the next one; then this again)",
    });
  }
  const missing = missingForBuild(policy.body, build);
  if (missing.length > 0) {
    throw BUILD_UNSIGNED(`the build is not vouched for: ${missing.join(", ")}`, {
      field: "build.signatures",
      hint: "custody desk sign build.json --as build --identity NAME.key --out build.signed.json",
      details: { missing },
    });
  }
  assertNotOlder(build, site);
  if (keystore < build.body.keystore) {
    throw BUILD_CANNOT_OPEN_KEYS(
      `version ${build.body.program} opens keystore files from version ${build.body.keystore}; here is one of ${keystore}`,
      {
        field: "build.keystore",
        hint: "install a release between the two first; your keys stay readable by the program that you have",
      },
    );
  }
}

// A release that was good once may have a hole that is known by now; with its signatures it could be brought again.
function assertNotOlder({ digest, body }: BuildDocument, { version, pinned }: Site): void {
  if (compareVersions(body.program, parseProgramVersion(version, "this program's version")) < 0)
    throw older(`version ${body.program} is older than ${version}, which runs`);
  if (pinned === undefined || pinned.digest === digest) return;
  const order = compareVersions(body.program, pinned.body.program);
  if (order < 0) throw older(`version ${body.program} is older than ${pinned.body.program}, which is pinned`);
  // The same release for other builds of node is a new document; another program under the same number is not.
  if (order === 0 && body.file.sha256 !== pinned.body.file.sha256)
    throw older(`another program of version ${body.program} is pinned already`);
}

function older(why: string) {
  return BUILD_OLDER(why, {
    field: "build.program",
    hint: "take the newest release; what is mended in an old one gets a higher version",
  });
}

/**
 * Which of the build's files `sum` is.
 * @throws BUILD_FILE_DIFFERS
 */
export function formOf({ body }: BuildDocument, sum: Sum, platform: string): "script" | "executable" {
  const same = (named: Sum) => named.sha256 === sum.sha256 && named.bytes === sum.bytes;
  if (same(body.file)) return "script";
  if (body.executables.some((one) => one.platform === platform && same(one))) return "executable";
  throw BUILD_FILE_DIFFERS(`the file has SHA-256 ${sum.sha256}, the build names ${body.file.sha256}`, {
    field: "build.file",
    hint: "do not run it: build it yourself and compare, see docs/runbooks/upgrade.md",
    details: { sha256: sum.sha256, expected: body.file.sha256 },
  });
}

/** A script is only as good as what runs it; an executable has its node inside. @throws BUILD_NODE_DIFFERS */
export function assertNode({ body }: BuildDocument, sha256: Digest, platform: string): void {
  const named = body.nodes.filter((one) => one.platform === platform);
  if (named.some((one) => one.sha256 === sha256)) return;
  const versions = named.map(({ version }) => version).join(" or ");
  throw BUILD_NODE_DIFFERS(`the build does not name a node for ${platform} with SHA-256 ${sha256}`, {
    field: "build.nodes",
    hint:
      versions === ""
        ? `have the build signed for ${platform}: custody build draft --node ${platform}@VERSION=FILE`
        : `install node ${versions} from the archive that was signed for; of one not installed yet: --node FILE`,
    details: { platform, sha256 },
  });
}
