import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { describe, expect, test, vi } from "vitest";
import { findAnvil, startAnvil, type Anvil } from "../../demo/anvil.ts";

const root = join(import.meta.dirname, "../..");
const somebody = `0x${"5a".repeat(20)}`;
const height = async (node: Anvil) => Number(await node.rpc("eth_blockNumber"));
const hashAt = async (node: Anvil, at: number) => {
  const block = await node.rpc("eth_getBlockByNumber", [`0x${at.toString(16)}`, false]);
  return (block as { hash: string }).hash;
};

describe("the anvil harness", () => {
  test("starts, mines, funds, reorganises, stops, and leaves neither process nor folder", async () => {
    const node = await startAnvil();
    try {
      expect(await node.rpc("eth_chainId")).toBe("0x7a69");
      await node.mine(3);
      await node.fund(somebody, 29n * 10n ** 16n);
      expect(await node.rpc("eth_getBalance", [somebody, "latest"])).toBe(
        `0x${(29n * 10n ** 16n).toString(16)}`,
      );
      expect(await height(node)).toBe(3);
      const [kept, left] = [await hashAt(node, 1), await hashAt(node, 2)];
      await node.reorg(2);
      expect(await height(node)).toBe(3);
      expect(await hashAt(node, 1)).toBe(kept);
      expect(await hashAt(node, 2)).not.toBe(left);
    } finally {
      await node.stop();
    }
    await node.stop();
    expect(existsSync(node.folder)).toBe(false);
    expect(isRunning(node.pid())).toBe(false);
  });

  test("safe and finalized lag behind the newest block by one and two", async () => {
    const node = await startAnvil({ chainId: 137 });
    try {
      await node.mine(5);
      const tagged = await Promise.all(
        ["latest", "safe", "finalized"].map((tag) => node.rpc("eth_getBlockByNumber", [tag, false])),
      );
      expect(tagged.map((block) => Number((block as { number: string }).number))).toEqual([5, 4, 3]);
      expect(await node.rpc("eth_chainId")).toBe("0x89");
    } finally {
      await node.stop();
    }
  });

  test("kill9 keeps the folder for a restart on the same port, with the state that was written", async () => {
    const node = await startAnvil();
    try {
      await node.mine(2);
      const before = node.pid();
      for (let waited = 0; waited < 10_000 && !existsSync(join(node.folder, "state.json")); waited += 50)
        await pause(50);
      await node.kill9();
      expect(isRunning(before)).toBe(false);
      expect(existsSync(node.folder)).toBe(true);
      await node.restart();
      expect(await height(node)).toBeLessThanOrEqual(2);
      await node.mine(2);
      const kept = await height(node);
      await node.restart();
      expect(await height(node)).toBe(kept);
    } finally {
      await node.stop();
    }
    expect(existsSync(node.folder)).toBe(false);
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

  test("a node that cannot start is EVM_NODE_NOT_STARTED with its words, and leaves nothing", async () => {
    // A folder of our own: other test files start nodes at the same time.
    const own = mkdtempSync(join(tmpdir(), "custody-harness-"));
    vi.stubEnv("TMPDIR", own);
    try {
      await expect(startAnvil({ flags: ["--no-such-flag"] })).rejects.toMatchObject({
        code: "EVM_NODE_NOT_STARTED",
        message: expect.stringContaining("no-such-flag") as string,
      });
      expect(readdirSync(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(own, { recursive: true });
    }
  });
});

describe("which anvil is started", () => {
  const packaged = join(root, "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
  const empty = join(root, "docs");

  test("the one that is named, then the package, then PATH", () => {
    expect(findAnvil(root, { CUSTODY_ANVIL: process.execPath })).toBe(process.execPath);
    expect(findAnvil(root, { PATH: "/usr/bin" })).toBe(packaged);
    expect(findAnvil(join(tmpdir(), "no-such"), { PATH: join(packaged, "..") })).toBe(packaged);
  });

  test.each([
    ["none is there", join(tmpdir(), "no-such"), { PATH: "/nowhere:relative" }],
    ["the named one is missing", root, { CUSTODY_ANVIL: join(empty, "no-such-anvil") }],
  ])("%s: EVM_NODE_NOT_FOUND with what to do", (_, folder, env) => {
    expect(() => findAnvil(folder, env)).toThrow(
      expect.objectContaining({ code: "EVM_NODE_NOT_FOUND", hint: "npm run setup" }),
    );
  });
});

/** A program that starts a node, tells its process id and folder, and waits for ever. */
async function startingProgram(): Promise<string> {
  const source = `
    import { startAnvil } from "./demo/anvil.ts";
    const node = await startAnvil({ root: ${JSON.stringify(root)} });
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
