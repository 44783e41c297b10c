import { RATES } from "../../core/documents/rates.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { insertRates } from "../../store/rates.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { importRates } from "../../withdrawals/deciding/rates.ts";
import { rateFacts } from "../desk/read-rates.ts";
import { readDocument } from "../documents.ts";

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const document = await readDocument(call, call.args[0] ?? "-", RATES);
    const { body, digest } = change(online, (tx) =>
      importRates({ insertRates }, tx, document, { policy, now: tx.now }),
    );
    return {
      data: { digest, currency: body.currency, issued: body.issued, expires: body.expires },
      text: drawFacts([...rateFacts(body), ["in force", `${body.issued} to ${body.expires}`]]),
      next: "custody withdraw queue",
    };
  });
