/** The channels that the settings name; the log is always one more, without an outbox. */
import { isAbsolute } from "node:path";
import {
  optionalSetting,
  SETTING_MALFORMED,
  SETTING_MISSING,
  type SettingName,
} from "../../src/home/settings.ts";
import type { Io } from "../../src/terminal/io.ts";
import { mailChannel, parseMailAddress } from "./mail.ts";
import { PAGERDUTY_URL, pagerdutyChannel, pagerdutyKey } from "./pagerduty.ts";
import type { Channel } from "./port.ts";
import { parseEndpoint } from "./post.ts";
import { slackChannel, slackUrl } from "./slack.ts";
import { readWebhookSecrets, webhookChannel } from "./webhook.ts";

const RECEIVERS_MAX = 20;

/**
 * Reads the settings, and each secret once: who begins to watch learns at once that nobody would be told.
 * @throws SETTING_MISSING, SETTING_MALFORMED, NOTIFY_ADDRESS, MAIL_ADDRESS, SECRET_FILE_…, FILE_MISSING
 */
export function channelsOf(io: Io): readonly Channel[] {
  return [mailOf(io), webhookOf(io), slackOf(io), pagerdutyOf(io)].filter((channel) => channel !== undefined);
}

function mailOf(io: Io): Channel | undefined {
  const to = optionalSetting(io, "notify.mail-to");
  if (to === undefined) return undefined;
  const receivers = to.split(",").map((one) => parseMailAddress(one.trim(), "notify.mail-to"));
  const program = optionalSetting(io, "notify.sendmail") ?? "/usr/sbin/sendmail";
  if (!isAbsolute(program) || receivers.length > RECEIVERS_MAX) {
    throw SETTING_MALFORMED(
      isAbsolute(program)
        ? `notify.mail-to names more than ${RECEIVERS_MAX} receivers`
        : "notify.sendmail is not the whole path of a program",
      { field: "notify", hint: "custody config set notify.sendmail /usr/sbin/sendmail" },
    );
  }
  const from = parseMailAddress(needed(io, "notify.mail-from", "notify.mail-to"), "notify.mail-from");
  return mailChannel({ program, from, to: receivers });
}

function webhookOf(io: Io): Channel | undefined {
  const url = optionalSetting(io, "notify.webhook-url");
  if (url === undefined) return undefined;
  const secretFile = needed(io, "notify.webhook-secret-file", "notify.webhook-url");
  readWebhookSecrets(io, secretFile);
  return webhookChannel(io, parseEndpoint(url, "notify.webhook-url"), secretFile);
}

function slackOf(io: Io): Channel | undefined {
  const urlFile = optionalSetting(io, "notify.slack-url-file");
  if (urlFile === undefined) return undefined;
  slackUrl(io, urlFile);
  return slackChannel(io, urlFile);
}

function pagerdutyOf(io: Io): Channel | undefined {
  const keyFile = optionalSetting(io, "notify.pagerduty-key-file");
  if (keyFile === undefined) return undefined;
  pagerdutyKey(io, keyFile);
  const url = optionalSetting(io, "notify.pagerduty-url") ?? PAGERDUTY_URL;
  return pagerdutyChannel(io, parseEndpoint(url, "notify.pagerduty-url"), keyFile);
}

function needed(io: Io, name: SettingName, because: SettingName): string {
  const value = optionalSetting(io, name);
  if (value !== undefined) return value;
  throw SETTING_MISSING(`${name} is not set, and ${because} is`, {
    field: name,
    hint: `custody config set ${name} VALUE`,
  });
}
