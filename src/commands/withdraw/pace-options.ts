import type { OptionSpec } from "../../terminal/command.ts";

/** Of every command that plans a transaction: how fast its fee may rise. */
export const PACE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--deadline-minutes <minutes>",
    about: "minutes from the signing until it shall be mined (360); 0: people alone raise its fee",
  },
  {
    flags: "--fee-budget <decimal>",
    about: "the most that a rung may cost; else the policy's caps alone hold",
  },
];
