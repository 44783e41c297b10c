/** The whole of `custody`, as light descriptions: help, completion and the reference are made from this tree. */
import { CARRIED_ABOUT, DESCRIPTORS_OPTION } from "../terminal/carry-options.ts";
import type { ProgramSpec, Verb } from "../terminal/command.ts";
import { PICTURE_OPTIONS } from "../terminal/review/options.ts";
import { audit } from "./audit/audit.ts";
import { beneficiary } from "./beneficiary/beneficiary.ts";
import { build } from "./build/build.ts";
import { config } from "./config/config.ts";
import { customer } from "./customer/customer.ts";
import { db } from "./db/db.ts";
import { deposit } from "./deposit/deposit.ts";
import { desk } from "./desk/desk.ts";
import { dlq } from "./dlq/dlq.ts";
import { evidence } from "./evidence/evidence.ts";
import { echo } from "./echo/echo.ts";
import { emergency } from "./emergency/emergency.ts";
import { identity } from "./identity/identity.ts";
import { intent } from "./intent/intent.ts";
import { kyc } from "./kyc/kyc.ts";
import { ledger } from "./ledger/ledger.ts";
import { message } from "./message/message.ts";
import { NODE_OPTIONS } from "../home/node-options.ts";
import { policy } from "./policy/policy.ts";
import { rates } from "./rates/rates.ts";
import { session } from "./session/session.ts";
import { setup } from "./setup/setup.ts";
import { wallet } from "./wallet/wallet.ts";
import { withdraw } from "./withdraw/withdraw.ts";

const init: Verb = {
  name: "init",
  about: "make the online home for one network",
  options: [
    { flags: "--network <network>", about: "mainnet, testnet or regtest: never guessed", required: true },
  ],
  examples: ["custody init --network regtest"],
  changes: true,
  load: () => import("./init.ts"),
};

const status: Verb = {
  name: "status",
  about: "the home at a glance, and what to do next",
  load: () => import("./status.ts"),
};

const doctor: Verb = {
  name: "doctor",
  about: "check files, database, policy, session and node",
  options: NODE_OPTIONS,
  load: () => import("./doctor.ts"),
};

const inspect: Verb = {
  name: "inspect",
  about: "decode anything that crosses the gap, without keys or policy",
  options: [
    { flags: "--in <file>", about: CARRIED_ABOUT, required: true },
    ...PICTURE_OPTIONS,
    { flags: "--network <network>", about: "whose addresses to show (mainnet)" },
    DESCRIPTORS_OPTION,
  ],
  load: () => import("./inspect.ts"),
};

const completion: Verb = {
  name: "completion",
  about: "print a completion script",
  arguments: [{ name: "<shell>", about: "bash, zsh or fish" }],
  load: () => import("./completion.ts"),
};

const demo: Verb = {
  name: "demo",
  about: "a withdrawal from request to confirmation on a local node",
  options: [
    { flags: "--story <name>", about: "bitcoin or evm (bitcoin)" },
    { flags: "--keep <dir>", about: "keep every home and file in this folder" },
  ],
  load: () => import("./demo.ts"),
};

export const CUSTODY: ProgramSpec = {
  name: "custody",
  about: "Cold-storage custody: customers, queue, policy, approvals, ledger; builds unsigned transactions.",
  homeName: "custody",
  homeVariable: "CUSTODY_HOME",
  commands: [
    setup,
    init,
    identity,
    policy,
    rates,
    desk,
    session,
    wallet,
    customer,
    kyc,
    beneficiary,
    deposit,
    withdraw,
    intent,
    dlq,
    emergency,
    build,
    ledger,
    audit,
    evidence,
    message,
    db,
    config,
    status,
    doctor,
    inspect,
    echo,
    completion,
    demo,
  ],
};
