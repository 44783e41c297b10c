import { CARRIED_ABOUT } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";
import { HAND_OVER_OPTIONS, PAGE_OPTIONS } from "../options.ts";
import { NODE_OPTIONS } from "../../home/node-options.ts";

const ID = { name: "<id>", about: "the withdrawal" };
const PLAN = { name: "<plan>", about: "the plan" };

export const withdraw: Noun = {
  name: "withdraw",
  about: "the withdrawal queue, from a client's wish to signed bytes",
  verbs: [
    {
      name: "request",
      about: "store a withdrawal and hold its amount; once for each key",
      options: [
        { flags: "--customer <ref>", about: "who is paid out", required: true },
        { flags: "--asset <asset>", about: "btc, or a CAIP-19 id", required: true },
        { flags: "--amount <decimal>", about: "for example 0.25", required: true },
        { flags: "--to <address>", about: "a destination that is signed for", required: true },
        {
          flags: "--key <key>",
          about: "the client's idempotency key: the same key never pays twice",
          required: true,
        },
      ],
      examples: [
        "custody withdraw request --customer c-1001 --asset btc --amount 0.25 --to bcrt1… --key order-77",
      ],
      changes: true,
      load: () => import("./request.ts"),
    },
    {
      name: "queue",
      about: "list withdrawals, the oldest first",
      options: [
        { flags: "--state <state>", about: "of one state" },
        {
          flags: "--wallet <name>",
          about:
            "that a plan of this wallet pays, or with no plan yet, that its policy row lets this wallet pay",
        },
        ...PAGE_OPTIONS,
      ],
      load: () => import("./queue.ts"),
    },
    {
      name: "show",
      about: "show one withdrawal with everything that happened to it",
      arguments: [ID],
      load: () => import("./show.ts"),
    },
    {
      name: "bundle",
      about: "write what a desk needs to decide",
      arguments: [ID],
      options: HAND_OVER_OPTIONS,
      load: () => import("./bundle.ts"),
    },
    {
      name: "import",
      about: "import decisions, clearances, halts, receipts, voids, proofs of death, partly signed PSBTs",
      arguments: [
        {
          name: "<files...>",
          about: `signed documents, each ${CARRIED_ABOUT}; each has a result of its own`,
        },
      ],
      changes: true,
      load: () => import("./import.ts"),
    },
    {
      name: "build",
      about: "plan the ready withdrawals of a wallet as one batch of unsigned rungs",
      options: [
        { flags: "--wallet <name>", about: "the wallet that pays", required: true },
        { flags: "--only <id...>", about: "these withdrawals alone" },
        { flags: "--max <count>", about: "at most so many, the oldest" },
        { flags: "--rates <rates>", about: "a rung for each rate, units per virtual byte: 5,10,20" },
        { flags: "--replace <plan>", about: "take an exported plan's place, over the same coins" },
        ...NODE_OPTIONS,
      ],
      changes: true,
      load: () => import("./build.ts"),
    },
    {
      name: "export",
      about: "write a plan's request, the same for every signer of its wallet",
      arguments: [PLAN],
      options: [
        ...HAND_OVER_OPTIONS,
        { flags: "--psbt <dir>", about: "also each attempt as a plain PSBT, for other makers' signers" },
        { flags: "--psbt-version <version>", about: "of those PSBTs: 0 (if left out) or 2 (BIP-370)" },
      ],
      changes: true,
      load: () => import("./export.ts"),
    },
    {
      name: "drop",
      about: "take back a plan that was never exported",
      arguments: [PLAN],
      changes: true,
      load: () => import("./drop.ts"),
    },
    {
      name: "cancel",
      about: "end a withdrawal; once approved its hold stays until enough signers have voided it",
      arguments: [ID],
      changes: true,
      load: () => import("./cancel.ts"),
    },
    {
      name: "bump",
      about: "send a signed plan's next rung, or end it by its cancel rung",
      arguments: [PLAN],
      options: [
        { flags: "--cancel", about: "the rung that pays only our own wallet" },
        { flags: "--confirm <transaction>", about: "full id of the cancel rung, for scripts" },
      ],
      changes: true,
      load: () => import("./bump.ts"),
    },
    {
      name: "dead",
      about: "draft the proof that a plan can never settle, for approvers to sign",
      arguments: [PLAN],
      options: [
        {
          flags: "--spent-by <transaction>",
          about: "what took one of its coins; its cancel rung, once that is final",
        },
        ...HAND_OVER_OPTIONS,
        ...NODE_OPTIONS,
      ],
      load: () => import("./dead.ts"),
    },
    {
      name: "supersede",
      about: "ask anew for what can never settle as it was signed: a new generation, approved afresh",
      arguments: [ID],
      changes: true,
      load: () => import("./supersede.ts"),
    },
  ],
};
