import { CARRIED_ABOUT } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";
import { COIN_OPTION, HAND_OVER_OPTIONS, PAGE_OPTIONS, WARRANT_OPTIONS } from "../options.ts";
import { NODE_OPTIONS } from "../../home/node-options.ts";
import { PACE_OPTIONS } from "./pace-options.ts";

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
        { flags: "--customer <ref>", about: "who is paid out" },
        { flags: "--asset <asset>", about: "btc, a token's symbol, or a CAIP-19 id" },
        { flags: "--amount <decimal>", about: "for example 0.25" },
        { flags: "--to <address>", about: "a destination that is signed for" },
        { flags: "--key <key>", about: "the client's idempotency key: the same key never pays twice" },
        { flags: "--memo <text>", about: "for the payee, on chains that carry one; bitcoin does not" },
        {
          flags: "--file <file>",
          about: "instead: many at once, with columns customer,asset,amount,to,key and memo; - for stdin",
        },
        { flags: "--format <format>", about: "of that file: csv or jsonl, if its name does not say it" },
        { flags: "--report <file>", about: "write what became of each row as JSON Lines, too" },
        { flags: "--force", about: "replace the report if it exists" },
      ],
      examples: [
        "custody withdraw request --customer c-1001 --asset btc --amount 0.25 --to bcrt1… --key order-77",
        "custody withdraw request --file payouts.csv --dry-run",
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
      options: [
        { flags: "--html <file>", about: "write its timeline as a page as well" },
        { flags: "--force", about: "replace the file if it exists" },
      ],
      load: () => import("./show.ts"),
    },
    {
      name: "stats",
      about: "what was asked for, paid and released, by day and by network",
      options: [{ flags: "--days <days>", about: "days up to today, UTC (7)" }],
      load: () => import("./stats.ts"),
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
        { flags: "--rates <rates>", about: "a rung for each rate, in sat/vB: 5,10,20" },
        ...PACE_OPTIONS,
        {
          flags: "--when-due",
          about: "only a batch that is due by size, age or fees (settings batch.*), else exit 8",
        },
        {
          flags: "--unconfirmed-change",
          about: "spend own change that no block holds yet, where nothing else will do",
        },
        { flags: "--replace <plan>", about: "take an exported plan's place, over the same coins" },
        COIN_OPTION,
        ...NODE_OPTIONS,
      ],
      changes: true,
      load: () => import("./build.ts"),
    },
    {
      name: "export",
      about: "write the request of a plan, or of several of one wallet, the same for each of its signers",
      arguments: [{ name: "<plans...>", about: "the plans, as build names them" }],
      options: [
        ...HAND_OVER_OPTIONS,
        {
          flags: "--psbt <dir>",
          about: "also each attempt for other makers' signers: PSBTs, or ur:eth-sign-request",
        },
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
      name: "hold",
      about: "stop a withdrawal whose plan has not left; this host alone knows it",
      arguments: [ID],
      options: [{ flags: "--code <code>", about: "why, in a word: sanctions-hit", required: true }],
      changes: true,
      load: () => import("./hold.ts"),
    },
    {
      name: "unhold",
      about: "screen again what is on hold; another's hold by hand takes two of compliance",
      arguments: [ID],
      options: WARRANT_OPTIONS,
      changes: true,
      load: () => import("./unhold.ts"),
    },
    {
      name: "block",
      about: "freeze what a withdrawal holds; two of compliance sign the warrant",
      arguments: [ID],
      options: [
        { flags: "--code <code>", about: "the hit that was confirmed, in a word", required: true },
        ...WARRANT_OPTIONS,
      ],
      changes: true,
      load: () => import("./block.ts"),
    },
    {
      name: "unblock",
      about: "unfreeze it again, to be screened; two of compliance sign the warrant",
      arguments: [ID],
      options: [
        { flags: "--code <code>", about: "why it is unblocked, in a word", required: true },
        ...WARRANT_OPTIONS,
      ],
      changes: true,
      load: () => import("./unblock.ts"),
    },
    {
      name: "paid",
      about: "say that a transaction of no plan here has paid it; two admins sign the warrant",
      arguments: [ID],
      options: [
        { flags: "--by <transaction>", about: "that has paid its destination and amount", required: true },
        ...WARRANT_OPTIONS,
      ],
      changes: true,
      load: () => import("./paid.ts"),
    },
    {
      name: "unpaid",
      about: "say that such a payment was another one, or has left the chain; two admins sign the warrant",
      arguments: [ID],
      options: [
        {
          flags: "--by <transaction>",
          about: "that custody status says may have paid it, or that it was paid by",
          required: true,
        },
        ...WARRANT_OPTIONS,
        ...NODE_OPTIONS,
      ],
      changes: true,
      load: () => import("./unpaid.ts"),
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
