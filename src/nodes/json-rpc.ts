/**
 * JSON-RPC 2.0 to one endpoint, an own node or a provider's: a time-out for each call, retries for reads alone
 * (`guard.ts`). An endpoint is a witness, not an authority: whatever it answers passes a schema here and is judged again.
 */
import { isError, type CustodyError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { visibleText } from "../core/text.ts";
import type { CallOptions, Rpc, RpcOptions } from "./bitcoind/rpc.ts";
import {
  checkedAnswer,
  malformedAnswer,
  NODE_ANSWER_MALFORMED,
  NODE_REFUSED,
  NODE_SETTINGS_INVALID,
  NODE_TIMEOUT,
  NODE_UNREACHABLE,
} from "./failure.ts";
import { guard } from "./guard.ts";
import { keptAlive, post, type Post, type Reply } from "./http.ts";

export type JsonRpcOptions = Omit<RpcOptions, "cookiePath">;

const PAUSE_MS = 300;
const HTTP_TOO_MANY_REQUESTS = 429;
/** EIP-1474: a request exceeds the endpoint's limit; the same is answered later. */
const RPC_LIMIT_EXCEEDED = -32005;
/** What a refusal carries is a revert's words, or a Safe's error: never megabytes. */
const DATA_CHARACTERS_MAX = 8192;

/** @throws NODE_SETTINGS_INVALID */
export function openJsonRpc<Params = readonly unknown[]>(options: JsonRpcOptions): Rpc<Params> {
  const url = parseEndpointUrl(options.url);
  const agent = keptAlive(url);
  const { attemptsMax = 4, pauseMs = PAUSE_MS, timeoutMs = 15_000, random, breaker } = options;
  const guarded = guard({
    attemptsMax,
    pauseMs,
    random,
    passes: (error) => isError(error, NODE_UNREACHABLE, NODE_TIMEOUT),
    // A proxy that answers in the endpoint's place is no endpoint either.
    breaker: breaker && {
      ...breaker,
      counts: (error) => isError(error, NODE_UNREACHABLE, NODE_TIMEOUT, NODE_ANSWER_MALFORMED),
    },
  });
  let id = 0;
  const call = async (method: string, params: unknown, way: Pick<Post, "agent">, each: CallOptions) => {
    id = (id % Number.MAX_SAFE_INTEGER) + 1;
    const own = id;
    const reply = await post(url, {
      method,
      body: JSON.stringify({ jsonrpc: "2.0", id: own, method, params }),
      ...way,
      timeoutMs: each.timeoutMs ?? timeoutMs,
      bytesMax: each.isLarge === true ? LIMITS.nodeAnswerBytesMax : LIMITS.nodeSmallAnswerBytesMax,
    });
    return result(method, own, reply);
  };
  return {
    async read(method, params, answer, each = {}) {
      const once = () => call(method, params, { agent }, each);
      return checkedAnswer(method, answer, await guarded.read(once, each.patience));
    },
    async write(method, params, answer, each = {}) {
      const once = () => call(method, params, { agent: undefined }, each);
      return checkedAnswer(method, answer, await guarded.write(once));
    },
    close: () => {
      for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy());
    },
  };
}

/** What a revert, or another refusal, carried as bytes; undefined where it carried none. */
export function refusalData(error: unknown): string | undefined {
  const data = isError(error, NODE_REFUSED) ? error.details["data"] : undefined;
  return typeof data === "string" ? data : undefined;
}

type Body = { readonly id?: unknown; readonly result?: unknown; readonly error?: unknown };

/** The result of a reply, or its error. Endpoints send RPC errors with HTTP 200 and with others, and the usual body. */
function result(method: string, id: number, { status, text }: Reply): unknown {
  const body = parseBody(text);
  if (status === HTTP_TOO_MANY_REQUESTS || (body === undefined && status >= 500))
    throw NODE_UNREACHABLE(`the endpoint is busy (HTTP ${status})`, { details: { method, status } });
  if (body === undefined && (status === 401 || status === 403))
    throw NODE_REFUSED(`the endpoint does not talk to us (HTTP ${status})`, {
      hint: "is the key in its url right?",
      details: { method, status },
    });
  if (body === undefined) throw malformedAnswer(method, `HTTP ${status} with a body that is no JSON object`);
  if (body.error !== undefined && body.error !== null) throw refused(method, body.error);
  if (body.id !== id) throw malformedAnswer(method, "it is the answer to another call");
  if (status !== 200 || body.result === undefined)
    throw malformedAnswer(method, `HTTP ${status} without a result`);
  return body.result;
}

function refused(method: string, error: unknown): CustodyError {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  if (!Number.isSafeInteger(code) || typeof message !== "string")
    return malformedAnswer(method, "an error without code and message");
  const words = visibleText(message.slice(0, LIMITS.textCharactersMax));
  const details = { method, rpcCode: code as number };
  if (code === RPC_LIMIT_EXCEEDED) return NODE_UNREACHABLE(`the endpoint is busy: ${words}`, { details });
  const isBytes =
    typeof data === "string" && data.length <= DATA_CHARACTERS_MAX && /^0x(?:[0-9a-f]{2})*$/.test(data);
  return NODE_REFUSED(`the endpoint refused ${method}: ${words} (${code as number})`, {
    details: { ...details, ...(isBytes ? { data } : {}) },
  });
}

function parseBody(text: string): Body | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * An endpoint's address. Its path may hold a key of the provider's: an error names the host alone.
 * @throws NODE_SETTINGS_INVALID
 */
function parseEndpointUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (url === undefined || !isWeb || url.username !== "" || url.password !== "" || url.hash !== "") {
    throw NODE_SETTINGS_INVALID(
      "an endpoint's url is not of the form https://host/path without user or password",
      {
        field: "url",
        hint: "write it as the provider gives it, for example http://127.0.0.1:8545",
      },
    );
  }
  return url;
}
