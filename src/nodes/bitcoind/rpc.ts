/**
 * JSON-RPC to one bitcoind: cookie authentication, a time-out for each call, retries for reads alone (`guard.ts`). The
 * node is a witness, not an authority: whatever it answers passes a schema here and is judged again by whoever uses it.
 */
import { readFile } from "node:fs/promises";
import type { Agent } from "node:http";
import type * as z from "zod";
import { isError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { visibleText } from "../../core/text.ts";
import {
  checkedAnswer,
  malformedAnswer,
  NODE_ANSWER_MALFORMED,
  NODE_REFUSED,
  NODE_SETTINGS_INVALID,
  NODE_TIMEOUT,
  NODE_UNREACHABLE,
} from "../failure.ts";
import { guard, type BreakerOptions, type Patience } from "../guard.ts";
import { keptAlive, post, type Reply } from "../http.ts";
import { parseAmountJson } from "./amount-json.ts";

export type RpcOptions = {
  /** `http://127.0.0.1:8332`, without credentials. */
  readonly url: string;
  /** A file with one line `user:password`: bitcoind's own `.cookie`, or one of yours. It is read again on each 401. */
  readonly cookiePath: string;
  /** Uniform in [0, 1). Spreads retries out, no secret depends on it. */
  readonly random: () => number;
  readonly timeoutMs?: number;
  /** Attempts of one read in all. */
  readonly attemptsMax?: number;
  /** Before the second attempt. */
  readonly pauseMs?: number;
  /** Absent: the node is asked however often it has failed. */
  readonly breaker?: Omit<BreakerOptions, "counts"> | undefined;
};

export type CallOptions = {
  readonly timeoutMs?: number;
  readonly patience?: Patience;
  /** Whether the answer may be a block, a transaction, or a list as long: `nodeAnswerBytesMax`. */
  readonly isLarge?: boolean;
};

/** @typeParam Params by place, or by name where an interface wants them so */
export type Rpc<Params = readonly unknown[]> = {
  /** An idempotent call: tried again after NODE_UNREACHABLE and NODE_TIMEOUT, with backoff and jitter. */
  read<T>(method: string, params: Params, answer: z.ZodType<T>, options?: CallOptions): Promise<T>;
  /** A call that may change something: sent once, on a connection of its own. */
  write<T>(method: string, params: Params, answer: z.ZodType<T>, options?: CallOptions): Promise<T>;
  /** Ends idle connections. What is under way is let finish: what a slow node says late is heard (`words.ts`). */
  close(): void;
};

/** -28: bitcoind is warming up and will answer the same call later. */
const RPC_IN_WARMUP = -28;
const PAUSE_MS = 300;

/** The RPC code of a NODE_REFUSED, or undefined for any other error. */
export function refusalCode(error: unknown): number | undefined {
  return isError(error, NODE_REFUSED) ? (error.details["rpcCode"] as number | undefined) : undefined;
}

/** @throws NODE_SETTINGS_INVALID */
export function openRpc(options: RpcOptions): Rpc {
  const url = parseUrl(options.url);
  const agent = keptAlive(url);
  const timeoutMs = options.timeoutMs ?? 15_000;
  const call = authenticated(options, url);
  const { attemptsMax = 4, pauseMs = PAUSE_MS, random, breaker } = options;
  const guarded = guard({
    attemptsMax,
    pauseMs,
    random,
    passes: (error) => isError(error, NODE_UNREACHABLE, NODE_TIMEOUT),
    // A proxy that answers in the node's place is no node either.
    breaker: breaker && {
      ...breaker,
      counts: (error) => isError(error, NODE_UNREACHABLE, NODE_TIMEOUT, NODE_ANSWER_MALFORMED),
    },
  });
  const bounds = (each: CallOptions) => ({
    timeoutMs: each.timeoutMs ?? timeoutMs,
    bytesMax: each.isLarge === true ? LIMITS.nodeAnswerBytesMax : LIMITS.nodeSmallAnswerBytesMax,
  });
  return {
    async read(method, params, answer, each = {}) {
      const once = () => call({ method, params, agent, ...bounds(each) });
      return checkedAnswer(method, answer, await guarded.read(once, each.patience));
    },
    async write(method, params, answer, each = {}) {
      const once = () => call({ method, params, agent: undefined, ...bounds(each) });
      return checkedAnswer(method, answer, await guarded.write(once));
    },
    close: () => {
      for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy());
    },
  };
}

type Call = {
  readonly method: string;
  readonly params: readonly unknown[];
  /** Kept-alive connections may be closed under a call, so a write takes a fresh one. */
  readonly agent: Agent | undefined;
  readonly timeoutMs: number;
  readonly bytesMax: number;
};

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "http:" || url.username !== "" || url.password !== "") {
    throw NODE_SETTINGS_INVALID("the node's url is not of the form http://host:port without credentials", {
      field: "url",
      hint: "put user:password into a file and name it as the cookie file",
    });
  }
  return url;
}

/** bitcoind writes a new cookie at each start: a 401 is answered by reading the file again, once. */
function authenticated({ cookiePath }: RpcOptions, url: URL): (call: Call) => Promise<unknown> {
  let credentials: string | undefined;
  return async (call) => {
    credentials ??= await readCookie(cookiePath);
    const first = await asked(url, credentials, call);
    if (first.status !== 401) return result(call.method, first);
    credentials = await readCookie(cookiePath);
    const second = await asked(url, credentials, call);
    if (second.status !== 401) return result(call.method, second);
    credentials = undefined;
    throw NODE_REFUSED("the node does not accept the credentials in the cookie file", {
      field: "cookie",
      hint: "check that the cookie file belongs to this node",
    });
  };
}

async function readCookie(path: string): Promise<string> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw NODE_UNREACHABLE("the node's cookie file cannot be read", {
      field: "cookie",
      hint: "is the node running, and may this user read its cookie file?",
      details: { cookie: path },
      cause,
    });
  });
  const line = text.trim();
  if (!/^[^:\s]{1,128}:[^\s]{1,512}$/.test(line)) {
    throw NODE_SETTINGS_INVALID("the cookie file does not hold one line user:password", { field: "cookie" });
  }
  return line;
}

function asked(
  url: URL,
  credentials: string,
  { method, params, agent, timeoutMs, bytesMax }: Call,
): Promise<Reply> {
  const body = JSON.stringify({ jsonrpc: "1.0", id: 0, method, params });
  return post(url, { method, body, auth: credentials, agent, timeoutMs, bytesMax });
}

/** The result of a reply, or its error: bitcoind sends RPC errors with HTTP 500 or 404 and the usual body. */
function result(method: string, { status, text }: Reply): unknown {
  if (status === 503)
    throw NODE_UNREACHABLE("the node's queue of calls is full", { details: { method, status } });
  const body = parseBody(method, status, text);
  if (body.error === null || body.error === undefined) {
    if (status !== 200 || body.result === undefined)
      throw malformedAnswer(method, `HTTP ${status} without a result`);
    return body.result;
  }
  const { code, message } = body.error as { code?: unknown; message?: unknown };
  if (!Number.isSafeInteger(code) || typeof message !== "string")
    throw malformedAnswer(method, "an error without code and message");
  const words = visibleText(message.slice(0, LIMITS.textCharactersMax));
  const details = { method, rpcCode: code as number };
  if (code === RPC_IN_WARMUP) throw NODE_UNREACHABLE(`the node is starting: ${words}`, { details });
  throw NODE_REFUSED(`the node refused ${method}: ${words} (${code as number})`, { details });
}

function parseBody(method: string, status: number, text: string): { result?: unknown; error?: unknown } {
  try {
    const body = parseAmountJson(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (status === 403)
    throw NODE_REFUSED("the node does not talk to this address (HTTP 403)", { details: { method, status } });
  throw malformedAnswer(method, `HTTP ${status} with a body that is no JSON object`);
}
