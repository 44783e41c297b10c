import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";

const root = join(import.meta.dirname, "../..");
const height = ({ rpc }: Regtest) => rpc.read("getblockcount", [], z.number());

describe("the regtest harness", () => {
  test("starts, mines, funds, stops, and leaves neither process nor folder", async () => {
    const node = await startBitcoind();
    try {
      await node.mine(3);
      expect(await height(node)).toBe(3);
      const address = await node.rpc.write("getnewaddress", [], z.string());
      const txid = await node.fund(address, "0.29");
      expect(await height(node)).toBe(105);
      const raw = await node.rpc.read(
        "getrawtransaction",
        [txid, true],
        z.object({ confirmations: z.number() }),
      );
      expect(raw.confirmations).toBe(1);
    } finally {
      await node.stop();
    }
    await node.stop();
    expect(existsSync(node.folder)).toBe(false);
    expect(isRunning(node.pid())).toBe(false);
  });

  test("kill9 keeps the folder for a restart on the same ports, with a new cookie", async () => {
    const node = await startBitcoind();
    try {
      await node.mine(2);
      const before = node.pid();
      await node.kill9();
      expect(isRunning(before)).toBe(false);
      expect(existsSync(node.folder)).toBe(true);
      await node.restart();
      expect(await height(node)).toBeLessThanOrEqual(2);
      await node.mine(1);
    } finally {
      await node.stop();
    }
    expect(existsSync(node.folder)).toBe(false);
    expect(isRunning(node.pid())).toBe(false);
  });

  test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "a process that dies by %s takes its node and folder with it",
    async (signal) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", await startingProgram()], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [pid, folder] = await firstLine(child.stdout);
      expect(isRunning(Number(pid))).toBe(true);
      child.kill(signal);
      for (let waited = 0; waited < 10_000 && (isRunning(Number(pid)) || existsSync(folder)); waited += 50)
        await pause(50);
      expect(isRunning(Number(pid))).toBe(false);
      expect(existsSync(folder)).toBe(false);
    },
  );

  test("a node that cannot start is NODE_NOT_STARTED with its words, and leaves nothing", async () => {
    // A folder of our own: other test files start nodes at the same time.
    const own = mkdtempSync(join(tmpdir(), "custody-harness-"));
    vi.stubEnv("TMPDIR", own);
    try {
      await expect(startBitcoind({ flags: ["-no-such-flag=1"] })).rejects.toMatchObject({
        code: "NODE_NOT_STARTED",
        message: expect.stringContaining("no-such-flag") as string,
      });
      expect(readdirSync(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(own, { recursive: true });
    }
  });
});

/** A program that starts a node, tells its process id and folder, and waits for ever. */
async function startingProgram(): Promise<string> {
  const source = `
    import { startBitcoind } from "./demo/regtest.ts";
    const node = await startBitcoind({ root: ${JSON.stringify(root)} });
    process.stdout.write(node.pid() + " " + node.folder + "\\n");
    setInterval(() => {}, 1000);
  `;
  const bundle = await build({
    stdin: { contents: source, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    write: false,
  });
  return bundle.outputFiles[0]?.text ?? "";
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<[string, string]> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  const [pid = "", folder = ""] = text.trim().split(" ");
  return [pid, folder];
}

/** Whether a process exists and is more than a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
