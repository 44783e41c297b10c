/**
 * Standard Webhooks 1.0: id, time of this try and body are signed together by HMAC-SHA256 with a secret that both sides
 * hold, so that a message can neither be forged nor sent again later as another one (F24: a signature over less).
 */
import { createHmac } from "node:crypto";
import { CustodyError } from "../../src/core/errors.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { seconds, type Instant } from "../../src/core/instant.ts";
import type { Io } from "../../src/terminal/io.ts";
import type { Channel, Message } from "./port.ts";
import { postJson } from "./post.ts";
import { malformedSecret, readSecretLines } from "./secret-file.ts";

/** Bytes of a secret, as the specification has them. */
const SECRET_BYTES = { min: 24, max: 64 };

/** Secrets in use at once: the one, and while it is being changed the one before. */
const SECRETS_MAX = 2;

export function webhookChannel(io: Pick<Io, "cwd">, url: URL, secretFile: string): Channel {
  return {
    name: "webhook",
    send: async (message, now) => {
      const body = webhookBody(message);
      const secrets = readWebhookSecrets(io, secretFile);
      await postJson(url, body, webhookHeaders(secrets, message.id, now, body));
    },
  };
}

/** The same bytes for every try. */
export function webhookBody({ event, alert, network }: Message): string {
  const { id, kind, subject, severity, text, next, firstSeen, cleared } = alert;
  return JSON.stringify({
    type: `custody.alert.${event}`,
    timestamp: event === "firing" ? firstSeen : (cleared ?? firstSeen),
    data: { alert: id, network, kind, subject, severity, text, next, since: firstSeen },
  });
}

/** @param secrets of each one signature, the newest first; a receiver accepts the message by any of them */
export function webhookHeaders(
  secrets: readonly Uint8Array[],
  id: string,
  now: Instant,
  body: string,
): Readonly<Record<string, string>> {
  const timestamp = String(seconds(now));
  const signatures = secrets.map((secret) => {
    const mac = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest();
    return `v1,${toBase64(new Uint8Array(mac))}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

/** One secret a line, `whsec_` and base64. @throws SECRET_FILE_… */
export function readWebhookSecrets(io: Pick<Io, "cwd">, path: string): readonly Uint8Array[] {
  const field = "notify.webhook-secret-file";
  const lines = readSecretLines(io, path, field);
  if (lines.length > SECRETS_MAX)
    throw malformedSecret(path, field, `it has more than ${SECRETS_MAX} secrets`);
  return lines.map((line) => {
    const secret = line.startsWith("whsec_") ? decoded(line.slice("whsec_".length)) : undefined;
    if (secret !== undefined && secret.length >= SECRET_BYTES.min && secret.length <= SECRET_BYTES.max)
      return secret;
    const size = `${SECRET_BYTES.min} to ${SECRET_BYTES.max} bytes`;
    throw malformedSecret(path, field, `a line is not whsec_ and the base64 of ${size}`);
  });
}

function decoded(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text);
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}
