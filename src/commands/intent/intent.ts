import type { Noun } from "../../terminal/command.ts";
import { NODE_OPTIONS } from "../../home/node-options.ts";
import { PACE_OPTIONS } from "../withdraw/pace-options.ts";
import { COIN_OPTION, HAND_OVER_OPTIONS, PAGE_OPTIONS } from "../options.ts";

const ID = [{ name: "<id>", about: "the intent" }];

export const intent: Noun = {
  name: "intent",
  about:
    "what is no customer's payment: transfers between our wallets, consolidations, coins brought back, messages, who commands a Safe",
  verbs: [
    {
      name: "new",
      about: "ask for it; people approve it at their desks like a withdrawal",
      options: [
        { flags: "--type <type>", about: "transfer, consolidate, cancel, attest or control", required: true },
        {
          flags: "--wallet <name>",
          about:
            "the wallet that pays (transfer, consolidate) or signs a message (attest), or is told who commands it (control)",
        },
        { flags: "--to-wallet <name>", about: "the wallet that receives (transfer)" },
        {
          flags: "--amount <decimal>",
          about: "what is transferred, or the most that is brought together (--child-of: all of the change)",
        },
        { flags: "--asset <symbol>", about: "what is transferred: a token (the coin of the wallet's chain)" },
        {
          flags: "--small",
          about: "gather the small coins, if there are many and fees are low; else exit 8 (consolidate)",
        },
        {
          flags: "--child-of <plan>",
          about: "spend this waiting plan's change, so that both are mined (consolidate)",
        },
        {
          flags: "--plan <plan>",
          about:
            "the plan whose coins come back, or, of one that is dead, whose unused nonce is used up (cancel)",
        },
        { flags: "--message <text>", about: "one line of 2 to 330 ASCII characters to sign (attest)" },
        { flags: "--coins", about: "show the wallet's coins beside the message: proof of funds (attest)" },
        {
          flags: "--change <words>",
          about:
            'who shall command a Safe: "threshold 3", "add owner 0x…, threshold 2", "remove owner 0x…, threshold 2", "replace owner 0x… by 0x…", "disable module 0x…", "remove guard", "remove fallback handler" (control)',
        },
        { flags: "--expires-days <days>", about: "how long people have to approve it (7)" },
        ...NODE_OPTIONS,
      ],
      examples: [
        "custody intent new --type transfer --wallet vault --to-wallet reserve --amount 0.5",
        'custody intent new --type control --wallet vault --change "threshold 3"',
        'custody intent new --type attest --wallet vault --message "reserves of 2026-11-22" --coins',
      ],
      changes: true,
      load: () => import("./new.ts"),
    },
    {
      name: "list",
      about: "intents of our own, the oldest first",
      options: [{ flags: "--state <state>", about: "in this state" }, ...PAGE_OPTIONS],
      load: () => import("./list.ts"),
    },
    {
      name: "show",
      about: "one intent, its plans and what it waits for",
      arguments: ID,
      load: () => import("./show.ts"),
    },
    {
      name: "bundle",
      about: "write what a desk needs to decide on it",
      arguments: ID,
      options: HAND_OVER_OPTIONS,
      load: () => import("./bundle.ts"),
    },
    {
      name: "build",
      about: "plan an approved intent; then custody withdraw export PLAN",
      arguments: ID,
      options: [
        { flags: "--rates <rates>", about: "fee rates of the rungs in sat/vB: 5,10,20" },
        COIN_OPTION,
        ...PACE_OPTIONS,
        ...NODE_OPTIONS,
      ],
      changes: true,
      load: () => import("./build.ts"),
    },
    {
      name: "cancel",
      about: "end one that nobody wants; what has left the machine is live until its plans are dead",
      arguments: ID,
      changes: true,
      load: () => import("./cancel.ts"),
    },
  ],
};
