/**
 * Builds the signer for release: one file, its bill of materials, and SHA256SUMS over both, byte for byte the same from
 * every clean clone. Fails when a network name can be reached, or when the file does not run in an empty folder.
 *
 *     node scripts/build-signer.mjs [--out DIR] [--single-executable]
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { billOfMaterials } from "./build/bill-of-materials.mjs";
import { license, root, version } from "./build/shared.mjs";
import { bundleSigner } from "./build/signer-bundle.mjs";
import { makeSingleExecutable } from "./build/single-executable.mjs";

const NAME = "custody-signer";
const { values } = parseArgs({
  options: { out: { type: "string" }, "single-executable": { type: "boolean" } },
});
const folder = resolve(values.out ?? join(root, "release/signer"));

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const path = (name) => join(folder, name);

/** The line that `sha256sum -c` reads. */
const sumOf = (name) => `${sha256(readFileSync(path(name)))}  ${name}\n`;

/** Runs the program where there is nothing beside it, and no environment. */
function assertRunsAlone(command, args) {
  const empty = mkdtempSync(join(tmpdir(), "signer-alone-"));
  try {
    for (const [asked, expected] of [
      [["--version"], `${NAME} ${version}\n`],
      [["help", "exit-codes"], "130"],
    ]) {
      const { status, stdout, stderr } = spawnSync(command, [...args, ...asked], {
        cwd: empty,
        encoding: "utf8",
        env: { HOME: empty },
      });
      if (status !== 0 || !stdout.includes(expected) || readdirSync(empty).length > 0)
        throw new Error(`the signer does not run alone in an empty folder: ${stderr || stdout}`);
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

const { contents, metafile } = await bundleSigner();
const [script, bill] = [`${NAME}.cjs`, `${NAME}.cdx.json`];
const platform = `${process.platform}-${process.arch}`;
mkdirSync(folder, { recursive: true });
// What an earlier build left, and nothing else: the folder is whatever somebody has typed.
for (const name of [script, bill, "SHA256SUMS", "checked-with.txt", platform])
  rmSync(path(name), { recursive: true, force: true });
writeFileSync(path(script), contents);
chmodSync(path(script), 0o755);
assertRunsAlone(process.execPath, [path(script)]);
const about = { name: NAME, version, license, sha256: sha256(contents), metafile };
writeFileSync(path(bill), billOfMaterials(root, about));
writeFileSync(path("SHA256SUMS"), sumOf(bill) + sumOf(script));
// Which node this was seen to run on; of this machine, so that it stands in no sum.
const node = `${process.versions.node} ${platform} ${sha256(readFileSync(process.execPath))}`;
writeFileSync(path("checked-with.txt"), `${node}\n`);
process.stdout.write(`${readFileSync(path("SHA256SUMS"), "utf8")}checked with node ${node}\nin ${folder}\n`);

if (values["single-executable"] === true) {
  mkdirSync(path(platform));
  const executable = `${platform}/${NAME}`;
  await makeSingleExecutable(path(script), path(executable));
  assertRunsAlone(path(executable), []);
  process.stdout.write(`${sumOf(executable)}(of this build of node alone; nobody repeats it with another)\n`);
}
