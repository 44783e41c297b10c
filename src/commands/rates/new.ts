import { assetBySymbol, assetFacts } from "../../core/asset.ts";
import { parseMinorUnits, type Currency } from "../../core/currency.ts";
import { makeDocument } from "../../core/document.ts";
import { RATES, type Rates } from "../../core/documents/rates.ts";
import { addSeconds } from "../../core/instant.ts";
import { custodyId, type Policy } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { countFlag, FLAG_MALFORMED, repeatedFlag, requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { rateFacts } from "../desk/read-rates.ts";
import { writeDocument } from "../documents.ts";

/** Writes rates for people to compare and sign. Nothing is valued by them before they come back. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const { currency } = policy.body.online;
    const issued = call.io.now();
    const hours = countFlag(call.flags, "hours", { min: 1, max: 366 * 24, otherwise: 24 });
    const body: Rates = {
      kind: "rates",
      version: 1,
      network: online.network,
      custody: custodyId(policy),
      currency,
      issued,
      expires: addSeconds(issued, 3600 * hours),
      rates: repeatedFlag(call.flags, "rate").map((text) => rateOf(text, policy.body, currency)),
    };
    const document = makeDocument(RATES, body);
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, document);
    return {
      data: { file: out, digest: document.digest, currency, expires: document.body.expires },
      text: drawFacts([
        ["rates", `${out}, unsigned`],
        ...rateFacts(document.body),
        ["in force", `${issued} to ${document.body.expires}`],
      ]),
      next: `custody desk sign ${shellWord(out)} --as rates --identity NAME.key --out rates.signed.json   (at a desk of compliance or an admin)`,
    };
  });

function rateOf(text: string, policy: Policy, currency: Currency): Rates["rates"][number] {
  const [symbol = "", price = "", ...more] = text.split("=");
  const asset = assetBySymbol(symbol, policy.network, "--rate", policy.tokens);
  const minorUnits = more.length === 0 ? parseMinorUnits(price, currency, "--rate") : 0n;
  // Worth nothing, an asset would pass every limit.
  if (minorUnits === 0n) {
    throw FLAG_MALFORMED(`--rate ${JSON.stringify(text)} is not an asset and its price`, {
      field: "--rate",
      hint: "--rate btc=58123.45",
    });
  }
  return {
    asset,
    minorUnits: minorUnits.toString(),
    units: (10n ** BigInt(assetFacts(asset).decimals)).toString(),
  };
}
