/** F24: a message about an alert can neither be forged nor sent again: id, time and body stand under one MAC. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { webcrypto } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { seconds, type Instant } from "../../../../src/core/instant.ts";
import {
  readWebhookSecrets,
  webhookBody,
  webhookChannel,
  webhookHeaders,
} from "../../../../watcher/notify/webhook.ts";
import { aMessage, aReceiver, type Receiver } from "../../../factory/alerts.ts";
import { temporaryFolder } from "../../../factory/folder.ts";
import { at } from "../../../factory/identities.ts";
import { codeOf, codeOfAsync } from "../../../factory/thrown.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;

const receivers: Receiver[] = [];
afterEach(() => receivers.splice(0).forEach((one) => one.close()));

function secretFile(content: string, mode = 0o600): { io: { cwd: string }; path: string } {
  const cwd = temporaryFolder("secret");
  const path = join(cwd, "webhook.secret");
  writeFileSync(path, content);
  chmodSync(path, mode);
  return { io: { cwd }, path };
}

/** A receiver's side, written from the specification over another implementation of the MAC than ours. */
async function isGenuine(
  secret: string,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  now: number,
): Promise<boolean> {
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) =>
    String(headers[`webhook-${name}`]),
  );
  if (!/^\d+$/.test(timestamp ?? "") || Math.abs(now - Number.parseInt(timestamp ?? "", 10)) > 300)
    return false;
  const raw = Buffer.from(secret.slice("whsec_".length), "base64");
  const key = await webcrypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const expected = Buffer.from(await webcrypto.subtle.sign("HMAC", key, content)).toString("base64");
  return (signatures ?? "").split(" ").some((one) => one === `v1,${expected}`);
}

describe("a signed message", () => {
  test("has the signature of the specification's example", () => {
    const secret = Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64");
    const now = "2021-02-25T15:02:10Z" as Instant;
    expect(seconds(now)).toBe(1_614_265_330);
    expect(webhookHeaders([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", now, '{"test": 2432232314}')).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  test("is taken by a receiver that has the secret, and by no other way of sending it", async () => {
    const receiver = await aReceiver();
    receivers.push(receiver);
    const { io, path } = secretFile(`${SECRET}\n`);
    const now = at("09:05:00");
    await webhookChannel(io, new URL(receiver.url), path).send(aMessage(), now);
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[0]];
    const clock = seconds(now);
    expect(await isGenuine(SECRET, headers, body, clock)).toBe(true);
    expect(JSON.parse(body)).toMatchObject({ type: "custody.alert.firing", data: { kind: "pending" } });
    expect(await isGenuine(OTHER, headers, body, clock)).toBe(false);
    expect(await isGenuine(SECRET, headers, `${body} `, clock)).toBe(false);
    expect(await isGenuine(SECRET, { ...headers, "webhook-id": "another" }, body, clock)).toBe(false);
    const shifted = { ...headers, "webhook-timestamp": String(clock + 10) };
    expect(await isGenuine(SECRET, shifted, body, clock)).toBe(false);
    // Sent again an hour later by whoever has listened.
    expect(await isGenuine(SECRET, headers, body, clock + 3600)).toBe(false);
    expect(await isGenuine(SECRET, { ...headers, "webhook-signature": "" }, body, clock)).toBe(false);
  });

  test("keeps its id and bytes when it is tried again, with the time of the new try under the MAC", async () => {
    const receiver = await aReceiver();
    receivers.push(receiver);
    receiver.answers.push(500);
    const { io, path } = secretFile(SECRET);
    const channel = webhookChannel(io, new URL(receiver.url), path);
    const code = await codeOfAsync(() => channel.send(aMessage(), at("09:05:00")));
    expect(code).toBe("NOTIFY_FAILED");
    await channel.send(aMessage(), at("09:15:00"));
    const [first, second] = receiver.received as [
      (typeof receiver.received)[0],
      (typeof receiver.received)[0],
    ];
    expect(second.body).toBe(first.body);
    expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    expect(second.headers["webhook-signature"]).not.toBe(first.headers["webhook-signature"]);
    expect(await isGenuine(SECRET, second.headers, second.body, seconds(at("09:15:00")))).toBe(true);
  });

  test("is signed by both secrets while one takes the other's place", async () => {
    const { io, path } = secretFile(`${SECRET}\n${OTHER}\n`);
    const body = webhookBody(aMessage());
    const headers = webhookHeaders(readWebhookSecrets(io, path), "id", at("09:05:00"), body);
    for (const secret of [SECRET, OTHER])
      expect(await isGenuine(secret, headers, body, seconds(at("09:05:00")))).toBe(true);
  });
});

describe("a secret file", () => {
  const read = (content: string, mode?: number) => {
    const { io, path } = secretFile(content, mode);
    return codeOf(() => readWebhookSecrets(io, path));
  };

  test("is read when its owner alone can", () => {
    expect(read(SECRET)).toBe("none");
    expect(read(SECRET, 0o400)).toBe("none");
    for (const mode of [0o640, 0o604, 0o644, 0o660, 0o777])
      expect(read(SECRET, mode)).toBe("SECRET_FILE_EXPOSED");
  });

  test("holds one or two secrets of 24 to 64 bytes, and no error repeats one", () => {
    const short = `whsec_${Buffer.alloc(23).toString("base64")}`;
    const long = `whsec_${Buffer.alloc(65).toString("base64")}`;
    const bad = [
      "",
      "\n",
      "secret",
      short,
      long,
      `${SECRET}\n${OTHER}\n${SECRET}`,
      SECRET.slice(6),
      "x".repeat(5000),
    ];
    for (const content of bad) expect(read(content)).toBe("SECRET_FILE_MALFORMED");
    const { io, path } = secretFile("whsec_hunter2");
    expect(() => readWebhookSecrets(io, path)).toThrow(/^(?!.*hunter2)/);
    expect(codeOf(() => readWebhookSecrets(io, `${path}.gone`))).toBe("FILE_MISSING");
  });
});
