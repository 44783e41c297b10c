/** What the online host and a desk read: evidence, lists, answers to a set-up, settings, plain values and text. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { parseAccount } from "../../../src/core/account.ts";
import { formatDecimal, parseAmount, parseUnits } from "../../../src/core/amount.ts";
import { parseAsset } from "../../../src/core/asset.ts";
import { parseChain, parseNetwork } from "../../../src/core/chain.ts";
import { parseDigest } from "../../../src/core/digest.ts";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { EVIDENCE } from "../../../src/core/documents/evidence.ts";
import { parsePublicKey } from "../../../src/core/ed25519.ts";
import { fromBase64, fromHex, toBase64, toHex, utf8 } from "../../../src/core/hex.ts";
import { parseId, parseName } from "../../../src/core/identifier.ts";
import { parseInstant, seconds } from "../../../src/core/instant.ts";
import { parseSignableMessage } from "../../../src/core/signed-message.ts";
import { parseText, quoted, visibleJson, visibleText } from "../../../src/core/text.ts";
import { verifyEvidence } from "../../../src/evidence/verify.ts";
import { settings } from "../../../src/home/settings.ts";
import { parseReviewList } from "../../../src/kyc/review-list.ts";
import { answersText, parseAnswers } from "../../../src/setup/answers-file.ts";
import { BTC, REGTEST } from "../../factory/documents.ts";
import { evidenceOf, tellStory } from "../../factory/evidence.ts";
import { fakeIo } from "../../factory/io.ts";
import { ALICE, fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { answersFor } from "../../factory/setup.ts";
import { mutateJson } from "../mutate-json.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Target } from "../target.ts";

const evidence: Target = {
  name: "evidence",
  samples: once(() => [documentBytes(evidenceOf(tellStory()))]),
  mutate: mutateJson,
  decode: (input) => {
    const document = parseDocument(EVIDENCE, input);
    const claims = verifyEvidence(document, [bitcoinCodec]);
    promised(
      claims.every(({ claim, verdict }) => claim.length > 0 && verdict.length > 0),
      "a claim has no verdict",
    );
    return documentBytes(document);
  },
  cases: 60,
};

const answers: Target = {
  name: "setup-answers",
  samples: once(() =>
    (["three", "five", "nine"] as const).map((name) => utf8(answersText(answersFor(name)))),
  ),
  mutate: mutateJson,
  decode: (input) => {
    const read = parseAnswers(input);
    promised(answersText(parseAnswers(utf8(answersText(read)))) === answersText(read), "answers change");
    return undefined;
  },
  cases: 1000,
};

const LIST = [
  { ref: "c-1001", decision: "accept", tier: "basic", expires: "2027-11-22T00:00:00Z", reason: "documents" },
  { ref: "c-1002", decision: "reject", reason: "sanctions" },
];

const reviewList: Target = {
  name: "kyc-list",
  samples: once(() => [utf8(LIST.map((line) => JSON.stringify(line)).join("\n"))]),
  mutate: mutateText,
  decode: (input) => {
    const refs = parseReviewList(input).flatMap((one) => ("review" in one ? [one.ref] : []));
    promised(new Set(refs).size === refs.length, "one customer is decided twice");
    return undefined;
  },
  cases: 2000,
};

let home: string | undefined;

/** A folder of the process's own, for the one reader that takes a path; gone with the process. */
function settingsHome(): string {
  if (home !== undefined) return home;
  const made = mkdtempSync(join(tmpdir(), "custody-fuzz-home-"));
  mkdirSync(join(made, "custody"));
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  return (home = made);
}

const settingsFile: Target = {
  name: "settings",
  samples: once(() => [
    utf8('{"bitcoind-url":"http://127.0.0.1:18443","session.idle-minutes":"30"}'),
    utf8("{}"),
  ]),
  mutate: mutateJson,
  decode: (input) => {
    const folder = settingsHome();
    writeFileSync(join(folder, "custody", "config.json"), input);
    const { io } = fakeIo({ env: { XDG_CONFIG_HOME: folder }, cwd: folder });
    for (const { value } of settings(io))
      promised(value === undefined || typeof value === "string", "a setting is no text");
    return undefined;
  },
  cases: 600,
};

/** Parsers of one value, each with what it is written as again. */
const VALUES: Readonly<Record<string, (text: string) => string>> = {
  amount: (text) => {
    const { units } = parseAmount(text, BTC);
    const decimal = formatDecimal({ asset: BTC, units });
    promised(parseAmount(decimal, BTC).units === units, "an amount is written as another one");
    return text;
  },
  units: (text) => parseUnits(text, BTC).units.toString(),
  instant: (text) => {
    promised(Number.isSafeInteger(seconds(parseInstant(text))), "an instant is at no second");
    return parseInstant(text);
  },
  account: (text) => parseAccount(text),
  asset: (text) => parseAsset(text),
  chain: (text) => parseChain(text),
  network: (text) => parseNetwork(text),
  digest: (text) => parseDigest(text),
  id: (text) => parseId(text),
  name: (text) => parseName(text),
  key: (text) => parsePublicKey(text),
  text: (text) => parseText(text, "text", 256),
  message: (text) => parseSignableMessage(text, "message"),
  hex: (text) => toHex(fromHex(text)),
  base64: (text) => toBase64(fromBase64(text)),
};

const VALUE_SAMPLES = [
  "amount 0.29",
  "amount 21000000",
  "units 2900000000",
  "instant 2026-11-22T20:00:00Z",
  "instant 2028-02-29T23:59:59Z",
  `account ${REGTEST}:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080`,
  `asset ${BTC}`,
  `chain ${REGTEST}`,
  "network mainnet",
  `digest ${fixtureDigest("fuzz")}`,
  `id ${fixtureId("fuzz")}`,
  "name vault-2",
  `key ${ALICE.key}`,
  "text Ann Ä. Example",
  "message We hold these coins, 2026-11-22.",
  "hex 00ff10",
  "base64 AAECAw==",
];

const values: Target = {
  name: "values",
  samples: once(() => VALUE_SAMPLES.map(utf8)),
  mutate: mutateText,
  decode: (input) => {
    const text = textOf(input);
    const space = text.indexOf(" ");
    const kind = text.slice(0, space);
    if (!Object.hasOwn(VALUES, kind)) return undefined;
    const value = text.slice(space + 1);
    promised(VALUES[kind]?.(value) === value, "a value has two spellings");
    return undefined;
  },
  cases: 15_000,
};

/** Any text before a person: nothing of it is hidden, and as JSON it stays the same value. */
const shown: Target = {
  name: "visible-text",
  samples: once(() => ["Ann Ä. Example", "раураl", "a\u202eb", "日本 Bank", "e\u0301\u0301"].map(utf8)),
  mutate: mutateText,
  decode: (input) => {
    const text = textOf(input);
    promised(
      !/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/.test(visibleText(text)),
      "what is shown can hide text",
    );
    promised(JSON.parse(visibleJson(JSON.stringify(text))) === text, "JSON that is shown is another value");
    promised(quoted(text).length < 3000, "what is quoted has no end");
    return undefined;
  },
  cases: 1500,
};

export const ONLINE_TARGETS: readonly Target[] = [evidence, answers, reviewList, settingsFile, values, shown];
