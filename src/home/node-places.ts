/** What settings say of nodes, of whatever chain: where they are, and that no two of them are one. */
import { NODE_SETTINGS_INVALID } from "../nodes/failure.ts";
import type { Io } from "../terminal/io.ts";

/** OpenZeppelin's relayer: three failures, a pause of a minute. Reads are tried as often, so that the last failure is told. */
export const FAILURES_MAX = 3;
export const REST_MS = 60_000;

/** One node asked twice would agree with itself, under whatever name. @throws NODE_SETTINGS_INVALID */
export function assertApart(urls: readonly string[], field: string): void {
  if (new Set(urls.map(placeOf)).size === urls.length) return;
  throw NODE_SETTINGS_INVALID("one node is named twice", {
    field,
    hint: "name different nodes, best run by different people",
  });
}

/** Names and addresses of this machine, as URLs write them; all of 127.0.0.0/8 is. */
const THIS_MACHINE =
  /^(?:localhost|(?:[^.]+\.)*localhost|127(?:\.[0-9]+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])\.?$/;

// Host and port: two paths at one of them lead to one program. Names that only a resolver knows to be one are not seen.
function placeOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, hostname, port } = new URL(url);
  const host = THIS_MACHINE.test(hostname) ? "localhost" : hostname.replace(/\.$/, "");
  return `${host}:${port === "" ? protocol : port}`;
}

export function listed(text: string): readonly string[] {
  return text.split(",").map((part) => part.trim());
}

// What a log may show of it. An address that is none is refused where the client is made.
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Uniform in [0, 1), for spreading retries. */
export function fraction(io: Io): number {
  return new DataView(io.random(4).buffer).getUint32(0) / 2 ** 32;
}
