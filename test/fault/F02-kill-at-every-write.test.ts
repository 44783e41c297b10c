/**
 * F02, F03: `kill -9` of the built programs before and after everything that they make durable or send, on the whole path
 * of one withdrawal. Each command is killed at its first moment, run again and killed at its second, and so on until it
 * lives: whatever was left behind must be taken up, and one transaction pays at the end.
 */
import { join } from "node:path";
import * as z from "zod";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtProgram } from "../../demo/cast.ts";
import { signFlags } from "../../demo/ceremony.ts";
import { signAtDesk } from "../../demo/founding.ts";
import { readBooks } from "../e2e/books.ts";
import { coinsAt, CUSTOMER, openScene, show, type Scene } from "../e2e/scene.ts";

const AMOUNT = "0.21000000";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ coins: ["0.3", "0.3"], runner: builtProgram });
});
afterAll(() => scene.close());

const kills: Record<string, number> = {};

/** Runs a command until it lives, killed at one moment after another. @returns what it has answered at last */
async function survive(
  name: string,
  program: "custody" | "custody-signer" | "custody-watcher",
  role: string,
  args: readonly string[],
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the command answers
): Promise<any> {
  const { cast } = scene;
  cast.env["NODE_OPTIONS"] = `--require=${join(import.meta.dirname, "kill-at.cjs")}`;
  cast.env["FAULT_ROOT"] = cast.root;
  try {
    for (let moment = 1; moment < 200; moment++) {
      cast.env["FAULT_AT"] = String(moment);
      const answer = await cast.attempt(program, role, ...args);
      // A process that was killed has no exit code, and has said nothing.
      if (answer.stdout === "" && answer.stderr === "" && answer.exit === 1) {
        kills[name] = moment;
        if (role === "online") readBooks(cast);
        continue;
      }
      return answer;
    }
  } finally {
    for (const variable of ["NODE_OPTIONS", "FAULT_ROOT", "FAULT_AT"])
      Reflect.deleteProperty(cast.env, variable);
  }
  throw new Error(`${name} never lived`);
}

test("F02: killed at every write of the main path, a withdrawal is paid once", {
  timeout: 240_000,
}, async () => {
  const { cast, node, destination } = scene;
  const online = (name: string, ...args: readonly string[]) => survive(name, "custody", "online", args);

  const flags = ["--customer", CUSTOMER, "--asset", "btc", "--amount", AMOUNT, "--to", destination];
  const { data: asked } = await online("request", "withdraw", "request", ...flags, "--key", "kill-1");
  const bundle = cast.carried("bundle.json");
  await cast.run("custody", "online", "withdraw", "bundle", asked.id, "--out", bundle);
  const approval = await signAtDesk(cast, "approver", bundle, "approve", "approval.json");
  await online("approve", "withdraw", "import", approval);
  expect((await show(cast, asked.id)).state).toBe("READY");

  const built = await online("build", "withdraw", "build", "--wallet", "vault");
  // Killed after the commit, it has left a plan behind; the next run finds nothing more to build.
  const drafts = (await cast.run("custody", "online", "status")).drafts as readonly string[];
  expect(drafts).toHaveLength(1);
  expect(["NOTHING_TO_BUILD", undefined]).toContain(built.error?.code);
  const [plan] = drafts as [string];

  const file = cast.carried("killed.request.json");
  await online("export", "withdraw", "export", plan, "--out", file, "--force");
  const receipt = await signUntilItLives(file);
  await online("receipt", "withdraw", "import", receipt);
  expect((await show(cast, asked.id)).state).toBe("SIGNED");

  await survive("send", "custody-watcher", "online", ["once"]);
  const mempool = await node.rpc.read("getrawmempool", [], z.array(z.string()));
  expect(mempool).toHaveLength(1);
  await node.mine(1);
  await survive("settle", "custody-watcher", "online", ["once"]);
  expect((await show(cast, asked.id)).state).toBe("COMPLETED");

  expect((await coinsAt(node, destination)).filter(({ amount }) => amount === AMOUNT)).toEqual([
    { txid: mempool[0], amount: AMOUNT },
  ]);
  expect(readBooks(cast).reasons.filter((reason) => reason === "settle")).toHaveLength(1);
  // Every command had moments at which it was killed; a commit alone has two.
  for (const name of ["request", "approve", "build", "export", "sign", "receipt", "send", "settle"])
    expect(kills[name] ?? 0, name).toBeGreaterThanOrEqual(2);
});

// The journal's head moves when a killed run had written its entry: the officer reads it from the machine each time.
async function signUntilItLives(file: string): Promise<string> {
  const { cast } = scene;
  const receipt = cast.carried("killed.receipt.json");
  const { digest } = await cast.run("custody-signer", "signer", "review", "--in", file);
  for (let moment = 1; moment < 200; moment++) {
    const { head } = await cast.run("custody-signer", "signer", "journal", "show");
    const args = [...signFlags(cast, { file, receipt, digest, head }), "--force"];
    cast.env["NODE_OPTIONS"] = `--require=${join(import.meta.dirname, "kill-at.cjs")}`;
    cast.env["FAULT_ROOT"] = cast.root;
    cast.env["FAULT_AT"] = String(moment);
    const answer = await cast.attempt("custody-signer", "signer", "sign", ...args);
    for (const variable of ["NODE_OPTIONS", "FAULT_ROOT", "FAULT_AT"])
      Reflect.deleteProperty(cast.env, variable);
    if (answer.exit === 0) return receipt;
    expect(answer.error).toBeUndefined();
    kills["sign"] = moment;
  }
  throw new Error("the signer never lived");
}
