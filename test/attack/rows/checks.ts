/** The checks whose removal the attacks of the check-list are proven by. */
import { OF_BITCOIN } from "./bitcoin-checks.ts";
import type { Check } from "./check.ts";
import { OF_EVM } from "./evm-checks.ts";
import { OF_GATES } from "./gate-checks.ts";
import { OF_KEYS } from "./key-checks.ts";
import { OF_PSBT_VERSIONS } from "./psbt-checks.ts";
import { OF_STELLAR } from "./stellar-checks.ts";
import { OF_TRANSPORT } from "./transport-checks.ts";

export const CHECKS = {
  ...OF_BITCOIN,
  ...OF_PSBT_VERSIONS,
  ...OF_EVM,
  ...OF_STELLAR,
  ...OF_GATES,
  ...OF_KEYS,
  ...OF_TRANSPORT,
} as const satisfies Readonly<Record<string, Check>>;

export type CheckName = keyof typeof CHECKS;
