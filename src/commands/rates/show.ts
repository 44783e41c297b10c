import { findNewestRates, listRates } from "../../store/rates.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { ratesDenial } from "../../core/policy/online/rates.ts";
import { countFlag, type Run } from "../../terminal/command.ts";
import { drawFacts, drawTable } from "../../terminal/table.ts";
import { rateFacts } from "../desk/read-rates.ts";

/** The rates that payments are valued by now, or why none are. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { body: policy } = requirePolicy(online);
    const { currency } = policy.online;
    const newest = findNewestRates(online.store, currency);
    const denial = ratesDenial(policy, newest, call.io.now());
    const limit = countFlag(call.flags, "limit", { min: 1, max: 1000, otherwise: 10 });
    const known = listRates(online.store, currency, limit);
    return {
      data: {
        currency,
        inForce: denial === undefined,
        ...(denial === undefined ? {} : { why: denial }),
        ...(newest === undefined
          ? {}
          : { digest: newest.digest, rates: newest.body.rates.map((rate) => ({ ...rate })) }),
        known: known.map(({ digest, issued, expires }) => ({ digest, issued, expires })),
      },
      text: [
        drawFacts([
          ["currency", currency],
          ...(newest === undefined ? [] : rateFacts(newest.body)),
          ["in force", denial === undefined ? "yes" : `no: ${denial}`],
        ]),
        ...(known.length === 0
          ? []
          : [
              drawTable(
                [{ head: "ISSUED" }, { head: "EXPIRES" }, { head: "DIGEST" }],
                known.map(({ issued, expires, digest }) => [issued, expires, digest.slice(0, 16)]),
                call.io.stdout,
              ),
            ]),
      ].join("\n"),
      next: denial === undefined ? undefined : "custody rates new --rate btc=PRICE --out rates.json",
    };
  });
