/** Slack's incoming webhooks. Their address is the secret, so it comes from a file. */
import type { Io } from "../../src/terminal/io.ts";
import type { Channel, Message } from "./port.ts";
import { parseEndpoint, postJson } from "./post.ts";
import { readSecretLines } from "./secret-file.ts";
import { bodyText, headline } from "./text.ts";

const FIELD = "notify.slack-url-file";

export function slackChannel(io: Pick<Io, "cwd">, urlFile: string): Channel {
  return { name: "slack", send: (message) => postJson(slackUrl(io, urlFile), slackBody(message)) };
}

/** @throws SECRET_FILE_…, NOTIFY_ADDRESS */
export function slackUrl(io: Pick<Io, "cwd">, urlFile: string): URL {
  return parseEndpoint(readSecretLines(io, urlFile, FIELD)[0] ?? "", FIELD, true);
}

/** Slack reads &, < and > as its own marks (links, and calls to everybody in a channel), and asks for these three alone. */
export function slackBody(message: Message): string {
  const text = `${headline(message)}\n${bodyText(message)}`;
  return JSON.stringify({
    text: text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  });
}
