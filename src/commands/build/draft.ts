import { resolve } from "node:path";
import type { Digest } from "../../core/digest.ts";
import { fromEmbedded } from "../../core/document.ts";
import { BUILD, type Build } from "../../core/documents/build.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { parseProgramVersion } from "../../core/program-version.ts";
import { shellWord } from "../../core/shell-word.ts";
import {
  countFlag,
  optionalFlag,
  repeatedFlag,
  requiredFlag,
  type Call,
  type Run,
} from "../../terminal/command.ts";
import { sumOfFile } from "../../terminal/file-sum.ts";
import { running } from "../../terminal/running.ts";
import { drawFacts } from "../../terminal/table.ts";
import { pinnedPolicy } from "../desk/pinned.ts";
import { writeDocument } from "../documents.ts";

export const BUILD_PART_MALFORMED = declareError(
  "BUILD_PART_MALFORMED",
  "usage",
  "A node or executable of a build is not written as PLATFORM@VERSION=FILE or PLATFORM=FILE.",
);

/** Drafts a build from files that lie here; nobody stands behind it before it is signed. */
export const run: Run = async (call) => {
  const policy = await pinnedPolicy(call);
  const { io, flags } = call;
  const sum = (path: string, field: string) =>
    sumOfFile(resolve(io.cwd, path), LIMITS.programBytesMax, field);
  const body: Build = {
    kind: "build",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    program: parseProgramVersion(optionalFlag(flags, "program") ?? running().version, "--program"),
    file: sum(requiredFlag(flags, "file"), "--file"),
    executables: repeatedFlag(flags, "executable").map((text) => {
      const { platform, path } = partOf(text, "--executable", EXECUTABLE);
      return { platform, ...sum(path, "--executable") };
    }),
    nodes: nodesOf(call, (path) => sum(path, "--node").sha256),
    keystore: countFlag(flags, "keystore", { min: 1, max: 100, otherwise: 1 }),
  };
  // Read back: what a reader would refuse is not worth a signature.
  const document = fromEmbedded(BUILD, body);
  const out = requiredFlag(flags, "out");
  await writeDocument(call, out, document);
  return {
    data: { file: out, digest: document.digest, program: body.program, sha256: body.file.sha256 },
    text:
      out === "-"
        ? ""
        : drawFacts([
            ["program", `version ${body.program}`],
            ["sha256", body.file.sha256],
            ...body.nodes.map(
              ({ platform, version, sha256 }) => [`node ${version} ${platform}`, sha256] as const,
            ),
            ["written to", out],
          ]),
    next: `custody desk sign ${shellWord(out)} --as build --identity NAME.key --out build.signed.json   (each admin, at a desk)`,
  };
};

const NODE = { pattern: /^([a-z0-9-]+)@([0-9.]+)=(.+)$/, example: "linux-x64@20.20.2=/usr/bin/node" };
const EXECUTABLE = {
  pattern: /^([a-z0-9-]+)()=(.+)$/,
  example: "linux-x64=release/signer/linux-x64/custody-signer",
};

function nodesOf({ flags }: Call, sha256Of: (path: string) => Digest): Build["nodes"] {
  const given = repeatedFlag(flags, "node").map((text) => partOf(text, "--node", NODE));
  const { platform, nodeVersion, nodeFile } = running();
  const all = given.length > 0 ? given : [{ platform, version: nodeVersion, path: nodeFile }];
  return all.map((one) => ({
    platform: one.platform,
    version: parseProgramVersion(one.version, "--node"),
    sha256: sha256Of(one.path),
  }));
}

function partOf(text: string, field: string, { pattern, example }: typeof NODE) {
  const [, platform, version, path] = pattern.exec(text) ?? [];
  if (platform !== undefined && version !== undefined && path !== undefined)
    return { platform, version, path };
  throw BUILD_PART_MALFORMED(`${field} ${JSON.stringify(text)} cannot be read`, {
    field,
    hint: `${field} ${example}`,
  });
}
