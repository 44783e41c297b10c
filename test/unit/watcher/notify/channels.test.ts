/** Which channels the settings name, and which of them the watcher does not begin with. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { channelsOf } from "../../../../watcher/notify/channels.ts";
import { temporaryFolder } from "../../../factory/folder.ts";
import { fakeIo } from "../../../factory/io.ts";
import { codeOf } from "../../../factory/thrown.ts";

describe("the settings of channels", () => {
  const channels = (env: Readonly<Record<string, string>>, secret?: string) => {
    const cwd = temporaryFolder("channels");
    if (secret !== undefined) {
      writeFileSync(join(cwd, "secret"), secret);
      chmodSync(join(cwd, "secret"), 0o600);
    }
    return () => channelsOf(fakeIo({ cwd, env: { HOME: cwd, ...env } }).io).map(({ name }) => name);
  };
  const hook = {
    CUSTODY_NOTIFY_WEBHOOK_URL: "https://a.example.org/",
    CUSTODY_NOTIFY_WEBHOOK_SECRET_FILE: "secret",
  };
  const secret = `whsec_${Buffer.alloc(24).toString("base64")}`;

  test("none is set, and one for each that is", () => {
    expect(channels({})()).toEqual([]);
    expect(channels(hook, secret)()).toEqual(["webhook"]);
    const pager = { CUSTODY_NOTIFY_PAGERDUTY_KEY_FILE: "secret" };
    expect(channels(pager, "0123456789abcdef0123456789abcdef")()).toEqual(["pagerduty"]);
    const slack = { CUSTODY_NOTIFY_SLACK_URL_FILE: "secret" };
    expect(channels(slack, "https://hooks.slack.com/services/x")()).toEqual(["slack"]);
  });

  test("one that could not tell anybody is refused when the watcher begins", () => {
    const { CUSTODY_NOTIFY_WEBHOOK_URL: _, ...noUrl } = hook;
    expect(channels(noUrl, secret)()).toEqual([]);
    const { CUSTODY_NOTIFY_WEBHOOK_SECRET_FILE: __, ...noSecret } = hook;
    expect(codeOf(channels(noSecret))).toBe("SETTING_MISSING");
    expect(codeOf(channels(hook))).toBe("FILE_MISSING");
    expect(codeOf(channels(hook, "whsec_"))).toBe("SECRET_FILE_MALFORMED");
    expect(codeOf(channels({ ...hook, CUSTODY_NOTIFY_WEBHOOK_URL: "http://a.example.org/" }, secret))).toBe(
      "NOTIFY_ADDRESS",
    );
    const mail = { CUSTODY_NOTIFY_MAIL_TO: "ann@example.org" };
    expect(codeOf(channels(mail))).toBe("SETTING_MISSING");
    const program = {
      ...mail,
      CUSTODY_NOTIFY_MAIL_FROM: "c@example.org",
      CUSTODY_NOTIFY_SENDMAIL: "sendmail",
    };
    expect(codeOf(channels(program))).toBe("SETTING_MALFORMED");
  });
});
