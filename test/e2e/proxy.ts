/** A node as seen through a bad line: what it is asked reaches it or not, what it answers comes back or not. */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The methods by which nodes are sent transactions. */
const SENDING: ReadonlySet<string> = new Set(["sendrawtransaction", "eth_sendRawTransaction"]);

/** What happens to what is sent; everything else always passes. */
export type Mishap =
  /** Nothing: it passes. */
  | "none"
  /** The node never hears of it, the caller never gets an answer. */
  | "request lost"
  /** The node takes it, the caller never gets an answer. */
  | "answer withheld"
  /** The node takes it, the connection breaks before its answer arrives. */
  | "connection broken";

export type Proxy = {
  readonly url: string;
  mishap: Mishap;
  /** Every transaction that arrived here, in order. */
  readonly sent: readonly string[];
  /** Resolves once the next mishap has happened. */
  struck(): Promise<void>;
  close(): Promise<void>;
};

/** Stands between a program and the node at `target`. */
export async function startProxy(target: string): Promise<Proxy> {
  const sent: string[] = [];
  let strike = (): void => undefined;
  const server = createServer((call, reply) => {
    void readAll(call).then(async (body) => {
      const { method, params } = JSON.parse(body) as { method: string; params: readonly string[] };
      if (!SENDING.has(method)) return forward(target, call, body).then((answer) => give(reply, answer));
      sent.push(params[0] ?? "");
      const { mishap } = proxy;
      const answer = mishap === "request lost" ? undefined : await forward(target, call, body);
      if (mishap === "none" && answer !== undefined) return give(reply, answer);
      if (mishap === "connection broken") reply.destroy();
      strike();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mishap: "none",
    sent,
    struck: () => new Promise((done) => (strike = done)),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

type Answer = { readonly status: number; readonly body: string };

function forward(target: string, call: IncomingMessage, body: string): Promise<Answer> {
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

function give(reply: ServerResponse, { status, body }: Answer): void {
  reply.writeHead(status, { "content-type": "application/json" }).end(body);
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
