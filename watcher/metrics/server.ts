/** /metrics and /health on this machine's loopback address, and nowhere else: what reads them runs here, or is let in by it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { declareError } from "../../src/core/errors.ts";

export const METRICS_PORT_TAKEN = declareError(
  "METRICS_PORT_TAKEN",
  "local",
  "The port for metrics cannot be listened at.",
);

export type Answer = { readonly status: number; readonly type: string; readonly body: string };

/** What each path answers. One that throws answers 500, and says nothing of why: the log does. */
export type Answers = Readonly<Record<string, () => Answer>>;

/** Time for a client to say what it wants: one that says nothing is cut off. */
const REQUEST_MS_MAX = 5000;
const CONNECTIONS_MAX = 16;

export type Serving = { readonly port: number; close(): Promise<void> };

/** Listens at `port` of 127.0.0.1; 0 takes a free one. @throws METRICS_PORT_TAKEN */
export async function serve(port: number, answers: Answers): Promise<Serving> {
  const server = createServer(
    { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX },
    (request, response) => answer(request, response, answers),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.maxRequestsPerSocket = 1;
  await listening(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      reject(
        METRICS_PORT_TAKEN(`port ${port} of 127.0.0.1 cannot be listened at (${code ?? "unknown"})`, {
          field: "--metrics-port",
          hint: "custody-watcher run --metrics-port 9332   (another one)",
        }),
      ),
    );
    server.listen({ port, host: "127.0.0.1" }, resolve);
  });
}

function answer(request: IncomingMessage, response: ServerResponse, answers: Answers): void {
  const { status, type, body } = answerTo(request, answers);
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function answerTo({ method, url, headers }: IncomingMessage, answers: Answers): Answer {
  // A page in a browser on this machine may be made to ask us by a name of its own (DNS rebinding).
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "")) return plain(403, "ask for 127.0.0.1");
  if (method !== "GET" && method !== "HEAD") return plain(405, "GET or HEAD");
  const path = (url ?? "").split("?")[0] ?? "";
  const found = Object.hasOwn(answers, path) ? answers[path] : undefined;
  if (found === undefined) return plain(404, `there is ${Object.keys(answers).join(" and ")}`);
  try {
    return found();
  } catch {
    return plain(500, "it cannot be said now");
  }
}

export function plain(status: number, text: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${text}\n` };
}
