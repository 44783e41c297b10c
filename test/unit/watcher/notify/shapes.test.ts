/** The forms in which receivers want an alert. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mailChannel, mailText, parseMailAddress } from "../../../../watcher/notify/mail.ts";
import { pagerdutyBody, pagerdutyKey } from "../../../../watcher/notify/pagerduty.ts";
import { slackBody, slackUrl } from "../../../../watcher/notify/slack.ts";
import { aMessage, anAlert } from "../../../factory/alerts.ts";
import { temporaryFolder } from "../../../factory/folder.ts";
import { at } from "../../../factory/identities.ts";
import { codeOf, codeOfAsync } from "../../../factory/thrown.ts";

const KEY = "0123456789abcdef0123456789ABCDEF";

function fileOf(content: string, mode = 0o600) {
  const cwd = temporaryFolder("notify");
  writeFileSync(join(cwd, "file"), content);
  chmodSync(join(cwd, "file"), mode);
  return { cwd };
}

describe("PagerDuty", () => {
  test("an incident begins and ends under one key", () => {
    const begun = JSON.parse(pagerdutyBody(aMessage(), KEY));
    const over = JSON.parse(pagerdutyBody(aMessage({ event: "cleared" }), KEY));
    expect(begun).toMatchObject({
      routing_key: KEY,
      event_action: "trigger",
      payload: { severity: "warning", source: "custody-watcher.regtest", class: "pending" },
    });
    expect(over).toEqual({ routing_key: KEY, event_action: "resolve", dedup_key: begun.dedup_key });
    const long = aMessage({ alert: anAlert({ text: "x".repeat(5000) }) });
    expect(JSON.parse(pagerdutyBody(long, KEY)).payload.summary).toHaveLength(1024);
  });

  test("the routing key is 32 characters of a file", () => {
    expect(pagerdutyKey(fileOf(`${KEY}\n`), "file")).toBe(KEY);
    expect(codeOf(() => pagerdutyKey(fileOf("short"), "file"))).toBe("SECRET_FILE_MALFORMED");
    expect(codeOf(() => pagerdutyKey(fileOf(KEY, 0o644), "file"))).toBe("SECRET_FILE_EXPOSED");
  });
});

describe("Slack", () => {
  test("its marks are escaped, and nothing else", () => {
    const { text } = JSON.parse(slackBody(aMessage({ alert: anAlert({ text: "<!channel> a & b 'c'" }) })));
    expect(text).toContain("&lt;!channel&gt; a &amp; b 'c'");
    expect(text).toContain("[custody regtest] WARNING: pending plan-1");
    expect(text).toContain("Type next: custody withdraw bump plan-1");
    expect(JSON.parse(slackBody(aMessage({ event: "cleared" }))).text).toContain("OVER: pending plan-1");
  });

  test("its address is one line of a file", () => {
    const url = "https://hooks.slack.com/services/T0/B0/x";
    expect(slackUrl(fileOf(`${url}\n`), "file").href).toBe(url);
    expect(codeOf(() => slackUrl(fileOf("http://hooks.slack.com/services/T0/B0/x"), "file"))).toBe(
      "NOTIFY_ADDRESS",
    );
  });
});

describe("mail", () => {
  const mail = { from: "custody@example.org", to: ["ann@example.org", "ben@example.org"] };
  const program = (script: string) => {
    const folder = temporaryFolder("sendmail");
    const path = join(folder, "sendmail");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o700);
    return { path, folder };
  };
  const send = (path: string) =>
    codeOfAsync(() => mailChannel({ ...mail, program: path }).send(aMessage(), at("09:05:00")));

  test("is a message by RFC 5322, handed over on standard input", async () => {
    const { path, folder } = program(`echo "$@" > ${"$(dirname $0)"}/args; cat > ${"$(dirname $0)"}/mail`);
    expect(await send(path)).toBe("none");
    expect(readFileSync(join(folder, "args"), "utf8")).toBe("-t -i\n");
    const text = readFileSync(join(folder, "mail"), "utf8");
    const [head = "", ...body] = text.split("\n\n");
    expect(head.split("\n")).toEqual([
      "From: custody@example.org",
      "To: ann@example.org, ben@example.org",
      "Subject: [custody regtest] WARNING: pending plan-1",
      expect.stringMatching(/^Date: [A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} 09:05:00 \+0000$/),
      expect.stringMatching(/^Message-ID: <[0-9a-f]{32}@custody\.invalid>$/),
      "Auto-Submitted: auto-generated",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit",
    ]);
    expect(body.join("\n\n")).toContain("Type next: custody withdraw bump plan-1");
  });

  test("no text of an alert begins a header of its own", () => {
    const alert = anAlert({ kind: "x\nBcc: mallory@example.org", subject: "\r\nX: y" });
    const text = mailText({ ...mail, program: "/x" }, aMessage({ alert }), at("09:05:00"));
    const [head = ""] = text.split("\n\n");
    expect(head.split("\n")).toHaveLength(9);
    expect(head).not.toMatch(/^Bcc:/m);
  });

  test("a program that is gone, fails, ends without reading or is none of ours is a failure, not an end", async () => {
    expect(await send("/nowhere/sendmail")).toBe("NOTIFY_FAILED");
    expect(await send(program("cat > /dev/null; exit 75").path)).toBe("NOTIFY_FAILED");
    expect(await send(program("exit 1").path)).toBe("NOTIFY_FAILED");
    expect(await send(temporaryFolder("no-program"))).toBe("NOTIFY_FAILED");
  });

  test("no shell sees the words", async () => {
    const folder = temporaryFolder("shell");
    expect(await send(`/bin/true; touch ${folder}/made`)).toBe("NOTIFY_FAILED");
    expect(existsSync(join(folder, "made"))).toBe(false);
  });

  test("addresses are plain", () => {
    expect(parseMailAddress("ann.b+alerts@example.org", "notify.mail-to")).toBe("ann.b+alerts@example.org");
    const bad = [
      "",
      "ann",
      "-f@example.org",
      "a@b\nBcc: c@d",
      "a b@example.org",
      "<a@example.org>",
      '"a"@example.org',
    ];
    for (const text of bad)
      expect(codeOf(() => parseMailAddress(text, "notify.mail-to"))).toBe("MAIL_ADDRESS");
  });
});
