import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const lockScript = join(import.meta.dirname, "../../../scripts/setup/lock.mjs");
type TakeLock = (file: string, options: object) => Promise<() => void>;
const { takeLock } = (await import(lockScript)) as { takeLock: TakeLock };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "custody-lock-"));
  file = join(folder, "setup.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

const quiet = { say: () => {}, pollMs: 10 };

test("taken, given back, nothing left", async () => {
  const release = await takeLock(file, quiet);
  expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^${process.pid} `));
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test("a second one waits and says so, and gives up after its limit", async () => {
  const said: string[] = [];
  const release = await takeLock(file, quiet);
  const waiting = takeLock(file, { say: (line: string) => said.push(line), pollMs: 10, waitMsMax: 50 });
  await expect(waiting).rejects.toMatchObject({ name: "SetupError" });
  expect(said).toEqual([`another set-up is running (process ${process.pid}): waiting for it`]);
  const later = takeLock(file, quiet);
  release();
  (await later)();
  expect(existsSync(file)).toBe(false);
});

test.each([
  ["a process that is gone", "4194304999 1"],
  ["a process id that another process has since got", `${process.pid} 1`],
  ["nonsense", "?"],
])("the lock of %s is taken over", async (_, holder) => {
  writeFileSync(file, holder);
  (await takeLock(file, quiet))();
  expect(readdirSync(folder)).toEqual([]);
});

test("many processes at once, some of which die holding it, never hold it together", async () => {
  writeFileSync(file, "4194304999 1");
  const trace = join(folder, "trace");
  const program = `
    import { appendFileSync } from "node:fs";
    import { takeLock } from ${JSON.stringify(lockScript)};
    const [trace, dies] = process.argv.slice(1);
    const release = await takeLock(${JSON.stringify(file)}, { say: () => {}, pollMs: 5 });
    appendFileSync(trace, "in\\n");
    await new Promise((done) => setTimeout(done, 20));
    appendFileSync(trace, "out\\n");
    if (dies === "yes") process.kill(process.pid, "SIGKILL");
    release();
  `;
  const one = (dies: string) =>
    new Promise((done) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", program, "--", trace, dies]);
      child.once("close", done);
    });
  await Promise.all(["no", "yes", "no", "yes", "no", "no"].map(one));
  expect(readFileSync(trace, "utf8")).toBe("in\nout\n".repeat(6));
});
