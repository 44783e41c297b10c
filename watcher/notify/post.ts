/** POST of JSON to a receiver of alerts. The address is the operator's; where it leads is still limited. */
import { CustodyError, declareError } from "../../src/core/errors.ts";
import { NOTIFY_FAILED, NOTIFY_REFUSED } from "./port.ts";

export const NOTIFY_ADDRESS = declareError(
  "NOTIFY_ADDRESS",
  "invalid",
  "The address of a receiver of alerts is not one that messages are sent to.",
);

/** Seconds for the whole exchange: a receiver that hangs must not hold up the others. */
const SECONDS_MAX = 10;

/**
 * The receiver has read the message and finds it malformed (RFC 9110, 15.5.1, 15.5.14, 15.5.21): the same bytes meet the
 * same answer. Any other refusal is about the address or the token, which people mend while it is tried again.
 */
const POISON = new Set([400, 413, 422]);

/**
 * An address as messages are sent to: https, or http to this machine alone. No name or password in it, for it is shown
 * in settings and logs.
 * @param secret an address that is itself a secret is never repeated in an error
 * @throws NOTIFY_ADDRESS
 */
export function parseEndpoint(text: string, field: string, secret = false): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Never the whole: a path or a query may hold a token, and what stands before the host a password.
  const shown = secret || url === undefined ? "the address" : `${url.protocol}//${url.host}`;
  const refuse = (why: string) =>
    NOTIFY_ADDRESS(`${shown} ${why}`, { field, hint: "for example https://alerts.example.org/custody" });
  if (url === undefined) throw refuse("is no address");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    throw refuse("is neither https nor http to this machine");
  if (url.username !== "" || url.password !== "") throw refuse("holds a name or password");
  return url;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Sends `body`. A redirect is not followed: it would take the message, and what authenticates it, to another place.
 * @throws NOTIFY_FAILED, NOTIFY_REFUSED; neither names the address
 */
export async function postJson(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "custody-watcher", ...headers },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(1000 * SECONDS_MAX),
    });
    await response.body?.cancel();
    if (response.ok) return;
    const why = `the receiver answered ${response.status}`;
    if (POISON.has(response.status)) throw NOTIFY_REFUSED(why, HINT);
    throw NOTIFY_FAILED(why, HINT);
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    throw NOTIFY_FAILED(`the receiver did not answer (${reasonOf(error)})`, HINT);
  }
}

const HINT = { field: "notify", hint: "custody config list --show-origin   (the notify settings)" };

// A name and a code of the runtime's; its message may hold the address.
function reasonOf(error: unknown): string {
  const { name, cause } = Object(error) as { name?: unknown; cause?: { code?: unknown } };
  const code = cause?.code;
  return typeof code === "string" ? code : typeof name === "string" ? name : "unknown";
}
