/** Where a scenario is played: against the gates in this process, or in lockstep against the built programs. */
import type { Policy } from "../../../src/core/policy/policy.ts";
import { assertConsistent } from "../../../src/core/policy/verify.ts";
import { at } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";
import { SIGNERS, type House, type SignerKeys } from "./house.ts";
import { Machine } from "./machine.ts";

/** What every machine's clock says unless a scenario sets it. */
export const NOW = at("09:30:00");

export type Stage = {
  /** A signer of `house` that has pinned its policies; the first one unless `keys` say another. */
  readonly machine: (house: House, keys?: SignerKeys) => Machine;
  /** Code with which a signer refuses to vouch for a first policy, or "none". */
  readonly refusalOf: (policy: Policy) => string;
};

/** One attack with its accepting twin. It throws where a signer answers otherwise than it should. */
export type Scenario = (stage: Stage) => void;

export const IN_PROCESS: Stage = {
  machine: (house, keys = SIGNERS[0]) => new Machine(house, keys, NOW),
  refusalOf: (policy) => codeOf(() => assertConsistent(policy)),
};
