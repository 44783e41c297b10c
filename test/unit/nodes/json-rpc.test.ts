import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { LIMITS } from "../../../src/core/limits.ts";
import { refusalCode, type Rpc } from "../../../src/nodes/bitcoind/rpc.ts";
import { quantityField } from "../../../src/nodes/evm/answers.ts";
import { openJsonRpc, refusalData } from "../../../src/nodes/json-rpc.ts";

type Asked = { readonly id: number; readonly jsonrpc: string; readonly method: string };
type Handler = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void;

let server: Server;
let rpc: Rpc;
let calls: number;

beforeEach(() => {
  calls = 0;
});
afterEach(async () => {
  rpc.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function serve(handler: Handler, timeoutMs = 2000): Promise<void> {
  server = createServer((request, response) => {
    calls += 1;
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => handler(JSON.parse(body) as Asked, response, request));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}/v2/provider-key`;
  rpc = openJsonRpc({ url, timeoutMs, random: () => 0, pauseMs: 2 });
}

function reply(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

const ok = ({ id }: Asked, result: unknown) => ({ jsonrpc: "2.0", id, result });
const read = () => rpc.read("eth_blockNumber", [], quantityField);
const caught = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe("an endpoint's JSON-RPC", () => {
  test("a result passes its schema; null is a result", async () => {
    await serve((asked, response) => reply(response, ok(asked, asked.method === "none" ? null : "0x7")));
    await expect(read()).resolves.toBe(7n);
    await expect(rpc.read("none", [], z.null())).resolves.toBeNull();
  });

  test("a refusal has its code, its words made visible, and its data", async () => {
    const error = { code: 3, message: "execution reverted \u001b[2J", data: "0x08c379a0" };
    await serve(({ id }, response) => reply(response, { jsonrpc: "2.0", id, error }));
    const said = await caught(read());
    expect(said).toMatchObject({ code: "NODE_REFUSED", exit: "network" });
    expect(said?.message).not.toContain("\u001b");
    expect(refusalCode(said)).toBe(3);
    expect(refusalData(said)).toBe("0x08c379a0");
    expect(calls).toBe(1);
  });

  test("data that is no bytes, or is endless, is left out", async () => {
    let data: unknown = "Reverted";
    await serve(({ id }, response) =>
      reply(response, { jsonrpc: "2.0", id, error: { code: 3, message: "no", data } }),
    );
    for (data of ["Reverted", "0xzz", 7, `0x${"00".repeat(5000)}`])
      expect(refusalData(await caught(read()))).toBeUndefined();
    data = "0x";
    expect(refusalData(await caught(read()))).toBe("0x");
  });

  test("reads are tried again while the endpoint is busy, in each way that it says so", async () => {
    await serve((asked, response) => {
      if (calls === 1) reply(response, "too many requests", 429);
      else if (calls === 2) reply(response, "<html>bad gateway</html>", 502);
      else if (calls === 3)
        reply(response, { id: asked.id, error: { code: -32005, message: "limit exceeded" } });
      else reply(response, ok(asked, "0x7"));
    });
    await expect(read()).resolves.toBe(7n);
    expect(calls).toBe(4);
  });

  test("a write is sent once; silence is NODE_TIMEOUT", async () => {
    await serve((_, response) => {
      if (calls === 2) response.writeHead(200).write('{"result":');
    }, 100);
    const write = () => rpc.write("eth_sendRawTransaction", ["0x"], z.string());
    await expect(write()).rejects.toMatchObject({ code: "NODE_TIMEOUT" });
    await expect(write()).rejects.toMatchObject({ code: "NODE_TIMEOUT" });
    expect(calls).toBe(2);
  });

  test.each([
    ["not JSON", () => "<html>"],
    ["a batch", ({ id }: Asked) => [{ id, result: "0x7" }]],
    ["no result", ({ id }: Asked) => ({ id })],
    ["the answer to another call", ({ id }: Asked) => ({ id: id + 1, result: "0x7" })],
    ["an answer without an id", () => ({ result: "0x7" })],
    ["an error without a code", ({ id }: Asked) => ({ id, error: "no" })],
    ["a number where a quantity belongs", ({ id }: Asked) => ({ id, result: 7 })],
    ["a leading zero", ({ id }: Asked) => ({ id, result: "0x07" })],
    ["capitals", ({ id }: Asked) => ({ id, result: "0xA" })],
    ["no digits", ({ id }: Asked) => ({ id, result: "0x" })],
    ["more than 256 bits", ({ id }: Asked) => ({ id, result: `0x1${"0".repeat(64)}` })],
  ])("%s is NODE_ANSWER_MALFORMED", async (_, body) => {
    await serve((asked, response) => reply(response, body(asked)));
    await expect(read()).rejects.toMatchObject({ code: "NODE_ANSWER_MALFORMED" });
  });

  test("an answer that is too long is not read to its end", async () => {
    await serve((asked, response) => reply(response, ok(asked, "0".repeat(LIMITS.nodeSmallAnswerBytesMax))));
    await expect(read()).rejects.toMatchObject({
      code: "NODE_ANSWER_MALFORMED",
      message: expect.stringContaining(String(LIMITS.nodeSmallAnswerBytesMax)) as string,
    });
  });

  test("a provider's key, which stands in the url, is in no error", async () => {
    await serve((_, response, request) =>
      calls > 4 ? reply(response, "no", 401) : request.socket.destroy(),
    );
    const errors = [await caught(read()), await caught(read())];
    expect(errors).toMatchObject([{ code: "NODE_UNREACHABLE" }, { code: "NODE_REFUSED" }]);
    for (const error of errors) {
      const { message, hint, details } = error as unknown as {
        message: string;
        hint: string;
        details: unknown;
      };
      expect(JSON.stringify([message, hint, details])).not.toContain("provider-key");
    }
  });
});

test.each(["ftp://a", "http://user:word@a", "no url", "http://a/#b"])("url %s is refused", async (url) => {
  await serve(() => undefined);
  expect(() => openJsonRpc({ url, random: () => 0 })).toThrow(
    expect.objectContaining({ code: "NODE_SETTINGS_INVALID", field: "url" }),
  );
  openJsonRpc({ url: "https://a.example/v2/key", random: () => 0 }).close();
});
