import { CARRIED_ABOUT, CARRY_OPTIONS } from "../../terminal/carry-options.ts";
import type { Noun, OptionSpec } from "../../terminal/command.ts";
import { CHAIN_OPTION } from "../chain-flag.ts";
import { HAND_OVER_OPTIONS } from "../options.ts";

/** Needed for the first policy from cards; with --from the file says it all. */
const DRAFT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--from <file>",
    about: "draft the next policy from a file that people edited, instead of from cards",
  },
  { flags: "--admin <card...>", about: "identity cards of the admins" },
  { flags: "--operator <card...>", about: "identity cards of the operators, who also request" },
  { flags: "--approver <card...>", about: "identity cards of the approvers, who also sign beneficiaries" },
  { flags: "--officer <card...>", about: "identity cards of the security officers at the signers" },
  {
    flags: "--compliance <card...>",
    about: "identity cards of compliance; with one, withdrawals need a clearance",
  },
  { flags: "--recovery <card...>", about: "identity cards of those who can replace lost admins; only now" },
  { flags: "--signer <card...>", about: "the signers' cards, with their wallet keys" },
  {
    flags: "--foreign-key <key...>",
    about:
      "keys of the wallet that are not ours: [fingerprint/path]xpub, or @FILE as their device shows it (UR, BSMS, text; @scan)",
  },
  {
    flags: "--exactly-once <where>",
    about:
      "who keeps a payment from being made twice: signers, or online where foreign keys leave no other way",
  },
  { flags: "--threshold <keys>", about: "how many keys of the wallet must sign (more than half)" },
  { flags: "--wallet <name>", about: "name of the wallet" },
  {
    flags: "--kind <kind>",
    about:
      "kind of the wallet: p2wpkh, p2sh-p2wpkh, p2tr; of several keys p2wsh-sortedmulti, p2sh-p2wsh-sortedmulti, p2tr-sortedmulti; eoa for an account on --chain, safe for a Safe (p2wpkh; of several p2wsh-sortedmulti)",
  },
  { flags: "--safe <address>", about: "of a Safe: its address; its owners are the signers of the cards" },
  { flags: "--safe-version <version>", about: "of a Safe: 1.3.0, 1.4.1 or 1.5.0" },
  {
    flags: "--safe-singleton <address>",
    about: "of a Safe: the code that it runs (as published, for layer 2)",
  },
  { flags: "--safe-multi-send <address>", about: "of a Safe: its MultiSendCallOnly (as published)" },
  CHAIN_OPTION,
  { flags: "--up-to <amount>", about: "largest withdrawal, in the chain's coin" },
  { flags: "--day <amount>", about: "most that is paid in 24 hours (ten times --up-to)" },
  { flags: "--month <amount>", about: "most that is paid in 30 days (a hundred times --up-to)" },
  { flags: "--approvals <persons>", about: "approvers that a payment needs (one, of several two)" },
  { flags: "--admins <persons>", about: "admins that the next policy needs (more than half)" },
  { flags: "--delay <seconds>", about: "wait between the last approval of a withdrawal and its release (0)" },
  {
    flags: "--clearance <persons>",
    about: "persons of compliance that clear a withdrawal (one, if there are any)",
  },
  { flags: "--tier <name...>", about: "tiers of customers that may be paid, and cleared (basic)" },
  { flags: "--customer-day <amount>", about: "most that one customer is paid in 24 hours (--day)" },
  { flags: "--customer-month <amount>", about: "most that one customer is paid in 30 days (--month)" },
  { flags: "--currency <code>", about: "reference currency of the online host's limits, by ISO 4217 (EUR)" },
  { flags: "--recovery-days <days>", about: "wait before a recovery is released (14)" },
  { flags: "--confirmations <blocks>", about: "depth at which a payment is final (regtest 1, else 6)" },
  { flags: "--fee-max <amount>", about: "largest fee of one transaction (0.001; of an account 0.02)" },
  { flags: "--fee-rate-max <rate>", about: "largest fee rate, in sat/vB or gwei (200)" },
  { flags: "--fee-share-max <permille>", about: "largest fee as thousandths of what is paid (100)" },
  { flags: "--days <days>", about: "life of the policy (365; with --from as the file says)" },
  ...HAND_OVER_OPTIONS,
];

export const policy: Noun = {
  name: "policy",
  about: "who may do what: drafted here, signed at desks and signers, pinned by each signer",
  verbs: [
    {
      name: "draft",
      about: "write an unsigned policy, from people's and signers' cards or from an edited file",
      options: DRAFT_OPTIONS,
      examples: [
        "custody policy draft --admin ada.card.json --operator otto.card.json --approver ann.card.json --officer olga.card.json --signer vault-1.card.json --wallet vault --up-to 1 --out policy.json",
        "custody policy show --out policy.edit.json --indent",
        "custody policy draft --from policy.edit.json --out policy.draft.json",
      ],
      changes: true,
      load: () => import("./draft.ts"),
    },
    {
      name: "verify",
      about: "list all that is wrong with a policy: errors, lock-outs, people who are not kept apart",
      arguments: [{ name: "[file]", about: `a policy, ${CARRIED_ABOUT}; the active one when left out` }],
      examples: ["custody policy verify policy.draft.json"],
      load: () => import("./verify.ts"),
    },
    {
      name: "rehearse",
      about: "judge every recorded intent by a draft, and say which decisions would differ",
      arguments: [{ name: "<file>", about: `a draft of the next policy: ${CARRIED_ABOUT}` }],
      examples: ["custody policy rehearse policy.draft.json"],
      load: () => import("./rehearse.ts"),
    },
    {
      name: "import",
      about: "collect signatures on a policy that desks and signers sent back, and releases of a recovery",
      arguments: [
        { name: "<files...>", about: `signed copies of one policy, and releases, each ${CARRIED_ABOUT}` },
      ],
      changes: true,
      load: () => import("./import.ts"),
    },
    {
      name: "activate",
      about: "make the fully signed policy the one in force here",
      changes: true,
      load: () => import("./activate.ts"),
    },
    {
      name: "show",
      about: "show the active policy, or one that was in force before it",
      options: [
        { flags: "--number <number>", about: "a former policy; a signer that begins anew pins all of them" },
        { flags: "--out <file>", about: "also write it, with its signatures, for signers and desks" },
        { flags: "--indent", about: "write it for editing: in lines, without signatures" },
        { flags: "--force", about: "replace the file if it exists" },
        ...CARRY_OPTIONS,
      ],
      load: () => import("./show.ts"),
    },
    {
      name: "explain",
      about: "say which row decides a payment and what it asks for",
      arguments: [{ name: "[withdrawal]", about: "a withdrawal of this home, instead of the flags" }],
      options: [
        {
          flags: "--type <type>",
          about: "withdrawal, transfer, consolidate, cancel, attest or control (withdrawal)",
        },
        { flags: "--asset <asset>", about: "what is paid: a coin or a token of the policy (btc)" },
        { flags: "--amount <decimal>", about: "how much" },
        { flags: "--wallet <name>", about: "from which wallet" },
      ],
      examples: ["custody policy explain --type withdrawal --asset btc --amount 0.25 --wallet vault"],
      load: () => import("./explain.ts"),
    },
  ],
};
