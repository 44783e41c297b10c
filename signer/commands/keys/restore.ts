import type { Network } from "../../../src/core/chain.ts";
import { parseName } from "../../../src/core/identifier.ts";
import {
  FLAG_MALFORMED,
  optionalFlag,
  requiredFlag,
  switchedOn,
  type Call,
  type Run,
} from "../../../src/terminal/command.ts";
import { confirm } from "../../../src/terminal/prompt.ts";
import { homeOfCall, loadSigner } from "../../keystore/home.ts";
import { publicFacts } from "../../keystore/seed-file.ts";
import { openSigner } from "../open-identity.ts";
import { FINGERPRINT_DIFFERS, isExtended, readBackup, type Secret } from "./read-backup.ts";
import { assertNameFree, seedOutcome, storeSeed } from "./store.ts";

/** Puts a seed back from its words or its shares. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const name = parseName(requiredFlag(call.flags, "name"), "--name");
  const expected = fingerprintFlag(call);
  assertNameFree(home, name);
  const extended = isExtended(call);
  const secret = await readBackup(call, home.network, {
    shares: switchedOn(call.flags, "slip39"),
    extended,
  });
  try {
    await assertFingerprint(call, home.network, secret, { expected, extended });
    if (call.dryRun)
      return { data: { name, network: home.network, made: false }, text: `would restore seed ${name}` };
    const open = await openSigner(call, loadSigner(home));
    try {
      return seedOutcome("restored", storeSeed(call, home, name, secret, open));
    } finally {
      open.wipe();
    }
  } finally {
    secret.wipe();
  }
};

function fingerprintFlag({ flags }: Call): string | undefined {
  const text = optionalFlag(flags, "fingerprint")?.toLowerCase();
  if (text === undefined || /^[0-9a-f]{8}$/.test(text)) return text;
  throw FLAG_MALFORMED("--fingerprint is not 8 hex digits", {
    field: "--fingerprint",
    hint: "it stands on the sheet, and in front of every key of the wallet's descriptor",
  });
}

/**
 * Every passphrase gives a seed, and a mistyped or forgotten one an empty wallet that nobody has registered (attack B8).
 * So a seed is kept only when its fingerprint is the one that was named, or that a person has compared; on regtest, where
 * scripts restore, only a seed with a passphrase is asked about.
 */
async function assertFingerprint(
  { io }: Call,
  network: Network,
  { bytes, form }: Secret,
  { expected, extended }: { readonly expected: string | undefined; readonly extended: boolean },
): Promise<void> {
  const { fingerprint } = publicFacts(bytes, network, form);
  const unasked = expected === undefined && !extended && network === "regtest";
  if (fingerprint === expected || unasked) return;
  const question = `Fingerprint ${fingerprint}. Is it the one that is registered for this seed?`;
  if (expected === undefined && (await confirm(io, question, "--fingerprint"))) return;
  throw FINGERPRINT_DIFFERS(
    `this backup gives fingerprint ${fingerprint}${expected === undefined ? ", which is not the registered one" : `, not ${expected}`}`,
    {
      field: "--fingerprint",
      hint: "type the passphrase again, or look for the right sheet; nothing was changed",
    },
  );
}
