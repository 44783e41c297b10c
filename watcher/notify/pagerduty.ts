/** PagerDuty's Events API v2. The routing key is the secret, so it comes from a file. */
import type { Io } from "../../src/terminal/io.ts";
import type { Channel, Message } from "./port.ts";
import { postJson } from "./post.ts";
import { malformedSecret, readSecretLines } from "./secret-file.ts";

const FIELD = "notify.pagerduty-key-file";

/** Where events go when no other address is set. */
export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";

/** Longest summary that PagerDuty takes. */
const SUMMARY_CHARACTERS_MAX = 1024;

export function pagerdutyChannel(io: Pick<Io, "cwd">, url: URL, keyFile: string): Channel {
  return {
    name: "pagerduty",
    send: (message) => postJson(url, pagerdutyBody(message, pagerdutyKey(io, keyFile))),
  };
}

/** 32 characters. @throws SECRET_FILE_… */
export function pagerdutyKey(io: Pick<Io, "cwd">, keyFile: string): string {
  const [key = ""] = readSecretLines(io, keyFile, FIELD);
  if (/^[0-9A-Za-z]{32}$/.test(key)) return key;
  throw malformedSecret(keyFile, FIELD, "it does not hold a routing key of 32 characters");
}

/** An incident begins with `trigger` and ends with `resolve` under the same `dedup_key`, the alert's id. */
export function pagerdutyBody({ id, event, alert, network }: Message, key: string): string {
  const { kind, subject, severity, text, next, firstSeen } = alert;
  const incident = { routing_key: key, dedup_key: alert.id };
  if (event === "cleared") return JSON.stringify({ ...incident, event_action: "resolve" });
  return JSON.stringify({
    ...incident,
    event_action: "trigger",
    client: "custody-watcher",
    payload: {
      summary: `${network} ${kind}: ${text}`.slice(0, SUMMARY_CHARACTERS_MAX),
      source: `custody-watcher.${network}`,
      severity,
      timestamp: firstSeen,
      component: "custody-watcher",
      class: kind,
      custom_details: { message: id, next, subject },
    },
  });
}
