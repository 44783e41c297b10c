/**
 * A bitcoind behind something that lies: from a height on it shows headers of its own in the place of the real ones, as
 * young as they are wished. They hash to the ids that it gives them; that nobody has worked for them, only another node says.
 */
import { createHash } from "node:crypto";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type LyingNode = {
  readonly url: string;
  /** First height at which it lies; undefined: it tells the truth. */
  from: number | undefined;
  close(): Promise<void>;
};

type Call = { readonly method: string; readonly params: readonly unknown[] };

/** @param seconds what invented headers say of their time, since 1970 */
export async function startLyingNode(target: string, seconds: () => number): Promise<LyingNode> {
  const invented = new Map<string, string>();
  const hashAt = (height: number): string => {
    const header = headerOf(height, seconds());
    const hash = hashOf(header);
    invented.set(hash, header.toString("hex"));
    return hash;
  };
  const lie = ({ method, params }: Call, truth: unknown): unknown => {
    const { from } = node;
    if (from === undefined) return truth;
    if (method === "getblockchaininfo") {
      const { blocks } = truth as { blocks: number };
      return blocks < from ? truth : { ...(truth as object), bestblockhash: hashAt(blocks) };
    }
    if (method === "getblockhash" && typeof params[0] === "number" && params[0] >= from)
      return hashAt(params[0]);
    return truth;
  };
  const server = createServer((call, reply) => {
    void readAll(call).then(async (body) => {
      const asked = JSON.parse(body) as Call;
      const known = asked.method === "getblockheader" ? invented.get(String(asked.params[0])) : undefined;
      const answer =
        known === undefined ? await forward(target, call, body) : { status: 200, body: wrapped(known) };
      reply.writeHead(answer.status, { "content-type": "application/json" });
      reply.end(
        answer.status === 200 && known === undefined
          ? withLie(answer.body, (truth) => lie(asked, truth))
          : answer.body,
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const node: LyingNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    from: undefined,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return node;
}

// 80 bytes: version, parent, merkle root, time, bits, nonce.
function headerOf(height: number, seconds: number): Buffer {
  const header = Buffer.alloc(80);
  header.writeUInt32LE(height, 36);
  header.writeUInt32LE(seconds, 68);
  return header;
}

function hashOf(header: Buffer): string {
  const once = createHash("sha256").update(header).digest();
  return createHash("sha256").update(once).digest().reverse().toString("hex");
}

const wrapped = (result: unknown): string => JSON.stringify({ result, error: null, id: 0 });

// What is not lied about passes as it is, digit for digit.
function withLie(body: string, lie: (truth: unknown) => unknown): string {
  const { result } = JSON.parse(body) as { result: unknown };
  const told = lie(result);
  return told === result ? body : wrapped(told);
}

function forward(
  target: string,
  call: IncomingMessage,
  body: string,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((done, fail) => {
    const { authorization = "" } = call.headers;
    const headers = { authorization, "content-type": "application/json" };
    const out = httpRequest(target, { method: "POST", headers }, (answer) => {
      void readAll(answer).then((text) => done({ status: answer.statusCode ?? 0, body: text }));
    });
    out.on("error", fail);
    out.end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
