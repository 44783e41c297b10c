/** Mail by the machine's own `sendmail -t`, run as a program, never by a shell. */
import { spawn } from "node:child_process";
import { declareError } from "../../src/core/errors.ts";
import { seconds, type Instant } from "../../src/core/instant.ts";
import { NOTIFY_FAILED, type Channel, type Message } from "./port.ts";
import { bodyText, headline } from "./text.ts";

export const MAIL_ADDRESS = declareError(
  "MAIL_ADDRESS",
  "invalid",
  "A mail address for alerts is not a plain one.",
);

export type Mail = { readonly program: string; readonly from: string; readonly to: readonly string[] };

/** Milliseconds after which a mail program that hangs is killed. */
const MAIL_MS_MAX = 10_000;

export function mailChannel(mail: Mail): Channel {
  return { name: "mail", send: (message, now) => run(mail.program, mailText(mail, message, now)) };
}

/** Plain addresses alone: nothing that could begin another line or header (RFC 5322 §2.2). @throws MAIL_ADDRESS */
export function parseMailAddress(text: string, field: string): string {
  if (/^[0-9A-Za-z._+-]{1,64}@[0-9A-Za-z.-]{1,190}$/.test(text) && !text.startsWith("-")) return text;
  throw MAIL_ADDRESS(`${JSON.stringify(text)} is not a plain mail address`, {
    field,
    hint: `custody config set ${field} alerts@example.org`,
  });
}

/** A message by RFC 5322, with the header that keeps automatic answers away (RFC 3834). */
export function mailText({ from, to }: Mail, message: Message, now: Instant): string {
  const ascii = headline(message).replaceAll(/[^\x20-\x7e]/g, "?");
  return [
    `From: ${from}`,
    `To: ${to.join(", ")}`,
    `Subject: ${ascii.slice(0, 200)}`,
    `Date: ${mailDate(now)}`,
    `Message-ID: <${message.id}@custody.invalid>`,
    "Auto-Submitted: auto-generated",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
    "",
    bodyText(message),
  ].join("\n");
}

// RFC 5322 §3.3; what JavaScript calls a UTC string differs in its zone alone.
function mailDate(now: Instant): string {
  return new Date(1000 * seconds(now)).toUTCString().replace("GMT", "+0000");
}

function run(program: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(
        NOTIFY_FAILED(`${program} ${why}`, {
          field: "notify.sendmail",
          hint: "custody config set notify.sendmail /usr/sbin/sendmail",
        }),
      );
    // -i: a line with one dot is no end of the message.
    const child = spawn(program, ["-t", "-i"], {
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
      timeout: MAIL_MS_MAX,
      killSignal: "SIGKILL",
    });
    child.on("error", ({ code }: NodeJS.ErrnoException) => fail(`cannot be run (${code ?? "unknown"})`));
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else fail(code === null ? `was ended by ${signal ?? "a signal"}` : `ended with ${code}`);
    });
    // One that ends without reading: its exit says so.
    child.stdin.on("error", () => undefined);
    child.stdin.end(text);
  });
}
