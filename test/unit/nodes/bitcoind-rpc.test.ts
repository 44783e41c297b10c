import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { LIMITS } from "../../../src/core/limits.ts";
import { openRpc, refusalCode, type Rpc } from "../../../src/nodes/bitcoind/rpc.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;

let folder: string;
let cookiePath: string;
let server: Server;
let rpc: Rpc;
let calls: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "custody-rpc-"));
  cookiePath = join(folder, ".cookie");
  writeFileSync(cookiePath, "__cookie__:first\n");
  calls = 0;
});

afterEach(async () => {
  rpc.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

/** A server that answers as `handler` says, and a client of it. */
async function serve(handler: Handler, timeoutMs = 2000): Promise<void> {
  server = createServer((request, response) => {
    calls += 1;
    const call = calls;
    request.resume();
    request.on("end", () => handler(request, response, call));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  rpc = openRpc({
    url: `http://127.0.0.1:${port}`,
    cookiePath,
    timeoutMs,
    random: () => 0,
    pauseMs: 2,
  });
}

function reply(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
}

const ok = (result: string) => `{"result":${result},"error":null,"id":0}`;
const refusal = (code: number, message: string) =>
  JSON.stringify({ result: null, error: { code, message }, id: 0 });
const number = z.number();

describe("bitcoind's JSON-RPC", () => {
  test("a result passes its schema", async () => {
    await serve((_, response) => reply(response, 200, ok("7")));
    await expect(rpc.read("getblockcount", [], number)).resolves.toBe(7);
    expect(calls).toBe(1);
  });

  test("an error of the node is NODE_REFUSED with its code, and is not tried again", async () => {
    await serve((_, response) => reply(response, 500, refusal(-8, "out of range \u001b[2J")));
    const error: unknown = await rpc.read("getblockhash", [9], number).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "NODE_REFUSED", exit: "network" });
    expect((error as Error).message).not.toContain("\u001b");
    expect(refusalCode(error)).toBe(-8);
    expect(calls).toBe(1);
  });

  test("reads are tried again while the node starts or is busy", async () => {
    await serve((_, response, call) => {
      if (call === 1) reply(response, 500, refusal(-28, "Loading block index…"));
      else if (call === 2) reply(response, 503, "Work queue depth exceeded");
      else reply(response, 200, ok("7"));
    });
    await expect(rpc.read("getblockcount", [], number)).resolves.toBe(7);
    expect(calls).toBe(3);
  });

  test("reads give up after four attempts; a write is sent once", async () => {
    await serve((request) => request.socket.destroy());
    await expect(rpc.read("getblockcount", [], number)).rejects.toMatchObject({
      code: "NODE_UNREACHABLE",
      exit: "network",
    });
    expect(calls).toBe(4);
    await expect(rpc.write("sendrawtransaction", [], number)).rejects.toMatchObject({
      code: "NODE_UNREACHABLE",
    });
    expect(calls).toBe(5);
  });

  test("silence is NODE_TIMEOUT, before the headers and in the middle of the body", async () => {
    await serve((_, response, call) => {
      if (call === 2) response.writeHead(200).write('{"result":');
    }, 100);
    await expect(rpc.write("uptime", [], number)).rejects.toMatchObject({ code: "NODE_TIMEOUT" });
    await expect(rpc.write("uptime", [], number)).rejects.toMatchObject({ code: "NODE_TIMEOUT" });
  });

  test.each([
    ["not JSON", 200, "<html>"],
    ["an array", 200, "[]"],
    ["no result", 200, "{}"],
    ["null where a number belongs", 200, ok("null")],
    ["another type", 200, ok('"7"')],
    ["an error without a code", 500, '{"error":"no"}'],
    ["a result with a failing status", 500, ok("7")],
  ])("%s is NODE_ANSWER_MALFORMED", async (_, status, body) => {
    await serve((__, response) => reply(response, status, body));
    await expect(rpc.read("getblockcount", [], number)).rejects.toMatchObject({
      code: "NODE_ANSWER_MALFORMED",
    });
    expect(calls).toBe(1);
  });

  test("what is under way when idle connections are ended is let finish, and not asked again", async () => {
    let answer: () => void = () => undefined;
    await serve((_request, response) => (answer = () => reply(response, 200, ok("7"))));
    const asked = rpc.read("getblockcount", [], number);
    await expect.poll(() => calls, { timeout: 10_000 }).toBe(1);
    rpc.close();
    answer();
    expect(await asked).toBe(7);
    expect(calls).toBe(1);
  });

  test("an answer beyond the limit ends the connection", async () => {
    const chunk = Buffer.alloc(8 * 1024 * 1024, 0x20);
    await serve((_, response) => {
      response.on("error", () => {});
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", pump);
      pump();
    }, 20_000);
    const large = rpc.read("getblock", [], number, { isLarge: true });
    await expect(large).rejects.toMatchObject({
      code: "NODE_ANSWER_MALFORMED",
      message: expect.stringContaining(`${LIMITS.nodeAnswerBytesMax}`) as string,
    });
  });

  test("F28: only what may be large may be large: every other answer ends at a few megabytes", async () => {
    const text = `"${"a".repeat(LIMITS.nodeSmallAnswerBytesMax)}"`;
    await serve((_, response) => reply(response, 200, ok(text)));
    await expect(rpc.read("getblockhash", [1], z.string())).rejects.toMatchObject({
      code: "NODE_ANSWER_MALFORMED",
      message: expect.stringContaining(`${LIMITS.nodeSmallAnswerBytesMax}`) as string,
    });
    await expect(rpc.read("getblock", [], z.string(), { isLarge: true })).resolves.toHaveLength(
      LIMITS.nodeSmallAnswerBytesMax,
    );
  });

  test("the cookie is read again after a 401, as a restarted node has a new one", async () => {
    await serve((request, response) => {
      const wanted = `Basic ${Buffer.from("__cookie__:second").toString("base64")}`;
      if (request.headers.authorization === wanted) reply(response, 200, ok("7"));
      else {
        writeFileSync(cookiePath, "__cookie__:second\n");
        reply(response, 401, "");
      }
    });
    await expect(rpc.read("getblockcount", [], number)).resolves.toBe(7);
    await expect(rpc.read("getblockcount", [], number)).resolves.toBe(7);
    expect(calls).toBe(3);
  });

  test("wrong credentials are refused without naming them", async () => {
    await serve((_, response) => reply(response, 401, ""));
    const error: unknown = await rpc.read("getblockcount", [], number).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "NODE_REFUSED", field: "cookie" });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain("first");
  });

  test("a missing cookie file is NODE_UNREACHABLE; a broken one and a bad url are NODE_SETTINGS_INVALID", async () => {
    await serve((_, response) => reply(response, 200, ok("7")));
    rmSync(cookiePath);
    await expect(rpc.write("getblockcount", [], number)).rejects.toMatchObject({
      code: "NODE_UNREACHABLE",
      field: "cookie",
    });
    writeFileSync(cookiePath, "no colon");
    await expect(rpc.write("getblockcount", [], number)).rejects.toMatchObject({
      code: "NODE_SETTINGS_INVALID",
    });
    for (const url of ["127.0.0.1:8332", "https://127.0.0.1", "http://user:secret@127.0.0.1:8332"]) {
      expect(() => openRpc({ url, cookiePath, random: () => 0 })).toThrow(
        expect.objectContaining({ code: "NODE_SETTINGS_INVALID" }),
      );
    }
  });
});
