/** One POST of JSON over HTTP or HTTPS, with a time-out for all of it and a cap on the answer. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { CustodyError } from "../core/errors.ts";
import { NODE_ANSWER_MALFORMED, NODE_TIMEOUT, NODE_UNREACHABLE } from "./failure.ts";

export type Reply = { readonly status: number; readonly text: string };

export type Post = {
  readonly method: string;
  readonly body: string;
  /** `user:password`, where the node asks for them. */
  readonly auth?: string;
  /** Absent: a connection of its own, which nobody has closed meanwhile. */
  readonly agent: HttpAgent | undefined;
  readonly timeoutMs: number;
  readonly bytesMax: number;
};

/** Connections that are kept for reads. */
export function keptAlive(url: URL): HttpAgent {
  const options = { keepAlive: true, maxSockets: 8, timeout: 25_000 };
  return url.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
}

/** @throws NODE_UNREACHABLE, NODE_TIMEOUT, NODE_ANSWER_MALFORMED for an answer that is too long */
export async function post(
  url: URL,
  { method, body, auth, agent, timeoutMs, bytesMax }: Post,
): Promise<Reply> {
  const signal = AbortSignal.timeout(timeoutMs);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  try {
    return await new Promise<Reply>((done, fail) => {
      const request = send(url, { method: "POST", auth, headers, signal, agent: agent ?? false });
      request.on("error", fail);
      request.on("response", (response) => {
        readReply(response, bytesMax).then(done, fail);
      });
      request.end(body);
    });
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    if (signal.aborted) {
      throw NODE_TIMEOUT(`the node at ${url.host} did not answer ${method} within ${timeoutMs} ms`, {
        details: { method },
        cause: error,
      });
    }
    throw NODE_UNREACHABLE(`no answer to ${method} from the node at ${url.host}`, {
      hint: "is the node running, and is its address right?",
      details: { method, reason: errorCode(error) },
      cause: error,
    });
  }
}

async function readReply(response: IncomingMessage, bytesMax: number): Promise<Reply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      response.destroy();
      throw NODE_ANSWER_MALFORMED(`the node's answer exceeds ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") };
}

function errorCode(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? code : "unknown";
}
