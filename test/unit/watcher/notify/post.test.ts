/** Where messages may be sent, and what an answer means. */
import { afterEach, describe, expect, test } from "vitest";
import { CustodyError } from "../../../../src/core/errors.ts";
import { parseEndpoint, postJson } from "../../../../watcher/notify/post.ts";
import { aReceiver, type Receiver } from "../../../factory/alerts.ts";
import { codeOf, codeOfAsync } from "../../../factory/thrown.ts";

const receivers: Receiver[] = [];
afterEach(() => receivers.splice(0).forEach((one) => one.close()));

async function receiving(...answers: (number | "hang")[]): Promise<Receiver> {
  const receiver = await aReceiver();
  receiver.answers.push(...answers);
  receivers.push(receiver);
  return receiver;
}

describe("an address", () => {
  test.each([
    "https://alerts.example.org/custody",
    "https://192.0.2.1:8443/x",
    "http://127.0.0.1:9000/hook",
    "http://localhost/hook",
    "http://[::1]:80/hook",
  ])("%s is taken", (text) => {
    expect(codeOf(() => parseEndpoint(text, "notify.webhook-url"))).toBe("none");
  });

  test.each([
    "http://alerts.example.org/custody",
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.1/",
    "http://127.0.0.1.example.org/",
    "http://0.0.0.0/",
    "http://localhost.example.org/",
    "https://user:word@alerts.example.org/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "javascript:alert(1)",
    "alerts.example.org",
    "",
  ])("%s is refused", (text) => {
    expect(codeOf(() => parseEndpoint(text, "notify.webhook-url"))).toBe("NOTIFY_ADDRESS");
  });

  test("that is a secret is not repeated", () => {
    const thrown = () =>
      parseEndpoint("http://hooks.example.org/T000/hunter2", "notify.slack-url-file", true);
    expect(thrown).toThrow(/^(?!.*hunter2)/);
    expect(codeOf(thrown)).toBe("NOTIFY_ADDRESS");
  });
});

describe("an answer", () => {
  const send = async (answer: number) => {
    const { url } = await receiving(answer);
    return codeOfAsync(() => postJson(new URL(url), "{}"));
  };

  test.each([200, 202, 204])("%i is a delivery", async (status) => {
    expect(await send(status)).toBe("none");
  });

  test.each([401, 403, 404, 405, 408, 410, 429, 500, 503])(
    "%i may be another one next time",
    async (status) => {
      expect(await send(status)).toBe("NOTIFY_FAILED");
    },
  );

  test.each([400, 413, 422])("%i, about the message, will be the same next time", async (status) => {
    expect(await send(status)).toBe("NOTIFY_REFUSED");
  });

  test("that leads elsewhere is not followed", async () => {
    const receiver = await receiving(302);
    expect(await codeOfAsync(() => postJson(new URL(receiver.url), "{}"))).toBe("NOTIFY_FAILED");
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  });

  test("that never comes from a port that nobody listens at is a failure, without the address", async () => {
    const receiver = await receiving();
    receiver.close();
    const error: unknown = await postJson(new URL(`${receiver.url}?token=hunter2`), "{}").catch(
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(CustodyError);
    expect(error).toMatchObject({ code: "NOTIFY_FAILED" });
    expect(String(error)).not.toContain("hunter2");
  });
});
