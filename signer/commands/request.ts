import { CARRIED_ABOUT, CARRY_OPTIONS, DESCRIPTORS_OPTION } from "../../src/terminal/carry-options.ts";
import type { Verb } from "../../src/terminal/command.ts";
import { PASSPHRASE_OPTIONS } from "../../src/terminal/passphrase.ts";
import { PICTURE_OPTIONS } from "../../src/terminal/review/options.ts";
import { IN, LOGBOOK_OPTION, NETWORK, OUT, SEED_PASSPHRASE_OPTIONS } from "./options.ts";

export const init: Verb = {
  name: "init",
  about: "make this signer: its identity key, epoch and journal",
  options: [
    { flags: "--network <network>", about: "mainnet, testnet or regtest", required: true },
    { flags: "--name <name>", about: "what the policy calls this signer", required: true },
    { flags: "--epoch <number>", about: "after a loss: which epoch of this signer begins now (1)" },
    {
      flags: "--unlock-by <name...>",
      about:
        "officers, any two of whom open this signer together, each with a passphrase typed at the terminal",
    },
    ...PASSPHRASE_OPTIONS,
  ],
  examples: ["custody-signer init --network regtest --name vault-1"],
  changes: true,
  load: () => import("./init.ts"),
};

export const review: Verb = {
  name: "review",
  about: "pass a request through the gates and show what it would do; signs and remembers nothing",
  options: [IN, ...PICTURE_OPTIONS, NETWORK],
  examples: [
    "custody-signer review --in request.json",
    "custody-signer review --in request.json --html review.html",
  ],
  load: () => import("./review.ts"),
};

export const sign: Verb = {
  name: "sign",
  about: "pass a request through all gates, sign it and write the receipt",
  options: [
    IN,
    ...OUT,
    ...CARRY_OPTIONS,
    { flags: "--officer <key>", about: "the officer's sealed identity file", required: true },
    {
      flags: "--rungs <range>",
      about: "sign these fee rungs alone, for example 1-2; the cancel rung always",
    },
    LOGBOOK_OPTION,
    { flags: "--confirm <digest>", about: "the full review digest instead of retyping; on regtest only" },
    ...PASSPHRASE_OPTIONS,
    ...SEED_PASSPHRASE_OPTIONS,
    { flags: "--officer-passphrase-file <file>", about: "read the officer's passphrase from a file" },
    { flags: "--officer-passphrase-fd <number>", about: "read it from an open file descriptor" },
    NETWORK,
  ],
  examples: [
    "custody-signer sign --in request.json --out receipt.json --officer olga.key",
    "custody-signer sign --in scan --out receipt.json --bbqr --officer olga.key",
  ],
  changes: true,
  load: () => import("./sign.ts"),
};

export const importWords: Verb = {
  name: "import",
  about: "take in what people have said: rejections and halts, obeyed from now on, and the end of a halt",
  arguments: [{ name: "<file...>", about: `the signed documents, each ${CARRIED_ABOUT}` }],
  options: [LOGBOOK_OPTION, ...PASSPHRASE_OPTIONS, NETWORK],
  examples: ["custody-signer import halt.json"],
  changes: true,
  load: () => import("./import.ts"),
};
export const voidIntent: Verb = {
  name: "void",
  about: "close an intent's family: say what was signed of it, and sign it never again",
  options: [
    { ...IN, about: `the intent, or a bundle or request that holds it: ${CARRIED_ABOUT}` },
    ...OUT,
    ...CARRY_OPTIONS,
    { flags: "--intent <id>", about: "which one, when the file holds several" },
    LOGBOOK_OPTION,
    { flags: "--confirm <digest>", about: "the intent's full digest instead of retyping; on regtest only" },
    ...PASSPHRASE_OPTIONS,
    NETWORK,
  ],
  examples: ["custody-signer void --in bundle.json --out void.json"],
  changes: true,
  load: () => import("./void.ts"),
};

export const replay: Verb = {
  name: "replay",
  about: "judge and sign a request again as it was then, and compare with the receipt byte for byte",
  options: [
    IN,
    { flags: "--receipt <file>", about: `the receipt to compare with: ${CARRIED_ABOUT}`, required: true },
    { flags: "--journal <file>", about: "the signer's exported journal, when it is not this home's" },
    { flags: "--policy <file>", about: "the policy pinned then, when this home has not pinned it" },
    { flags: "--at <time>", about: "the signer's clock then, when the documents' own times do not do" },
    ...PASSPHRASE_OPTIONS,
    ...SEED_PASSPHRASE_OPTIONS,
    NETWORK,
  ],
  examples: ["custody-signer replay --in request.json --receipt receipt.json --journal journal.jsonl"],
  load: () => import("./replay.ts"),
};

export const inspect: Verb = {
  name: "inspect",
  about: "decode anything that may cross the gap, without keys or policy",
  options: [
    IN,
    ...PICTURE_OPTIONS,
    { flags: "--network <network>", about: "whose addresses to write (mainnet)" },
    DESCRIPTORS_OPTION,
  ],
  examples: ["custody-signer inspect --in request.json --json"],
  load: () => import("./inspect.ts"),
};

export const echo: Verb = {
  name: "echo",
  about: "rehearse a signing without keys: read, draw, ask and answer; nothing is judged or signed",
  options: [
    IN,
    ...OUT,
    ...CARRY_OPTIONS,
    ...PICTURE_OPTIONS.filter(({ flags }) => flags !== "--force"),
    { flags: "--confirm <digest>", about: "the request's full digest instead of retyping; on regtest only" },
  ],
  examples: [
    "custody-signer echo --in request.json --out answer.json",
    "custody-signer echo --in scan --out answer.json --ur",
  ],
  load: () => import("./echo.ts"),
};

export const doctor: Verb = {
  name: "doctor",
  about: "check the home, the journal, the policy and that this machine is offline",
  options: [NETWORK],
  load: () => import("./doctor.ts"),
};
