/** An endpoint that passes on what a node says, and lies, keeps silent or lags as it is told. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type Asked = { readonly method: string; readonly params: readonly unknown[] };
/** What it says instead of the truth; `silent` for no answer at all. */
export type Lie = (asked: Asked, truth: unknown) => unknown;

export type Liar = {
  readonly url: string;
  lie: Lie | undefined;
  /** Everything that it was asked, in order. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
};

export const SILENT = Symbol("no answer");

export async function startLiar(target: string): Promise<Liar> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then(async (body) => {
      const call = JSON.parse(body) as Asked & { readonly id: number };
      asked.push({ method: call.method, params: call.params });
      const answer = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const truth = (await answer.json()) as { readonly result?: unknown };
      const told = liar.lie === undefined ? truth.result : liar.lie(call, truth.result);
      if (told === SILENT) return response.destroy();
      const given = told === truth.result ? truth : { jsonrpc: "2.0", id: call.id, result: told };
      return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(given));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const liar: Liar = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: undefined,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return liar;
}

async function readAll(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
