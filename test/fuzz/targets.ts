/** Every decoder that bytes from another side can reach. A new decoder belongs here (CONTRIBUTING.md). */
import type { Target } from "./target.ts";
import { AIRGAP_TARGETS } from "./targets/airgap.ts";
import { BITCOIN_BYTES_TARGETS } from "./targets/bitcoin-bytes.ts";
import { BITCOIN_TEXT_TARGETS } from "./targets/bitcoin-text.ts";
import { DOCUMENT_TARGETS } from "./targets/documents.ts";
import { EVM_BYTES_TARGETS } from "./targets/evm-bytes.ts";
import { EVM_PLAN_TARGETS } from "./targets/evm-plans.ts";
import { EXCHANGE_TARGETS } from "./targets/exchange.ts";
import { KEYSTORE_TARGETS } from "./targets/keystore.ts";
import { NODE_TARGETS } from "./targets/node.ts";
import { ONLINE_TARGETS } from "./targets/online.ts";
import { PICTURE_TARGETS } from "./targets/pictures.ts";
import { PLANTED_TARGETS } from "./targets/planted.ts";
import { REQUEST_TARGETS } from "./targets/request.ts";
import { SCAN_TARGETS } from "./targets/scans.ts";
import { SSH_TARGETS } from "./targets/ssh.ts";
import { WORD_TARGETS } from "./targets/words.ts";

export const TARGETS: readonly Target[] = [
  ...DOCUMENT_TARGETS,
  ...REQUEST_TARGETS,
  ...BITCOIN_TEXT_TARGETS,
  ...BITCOIN_BYTES_TARGETS,
  ...EVM_BYTES_TARGETS,
  ...EVM_PLAN_TARGETS,
  ...EXCHANGE_TARGETS,
  ...SSH_TARGETS,
  ...AIRGAP_TARGETS,
  ...SCAN_TARGETS,
  ...PICTURE_TARGETS,
  ...WORD_TARGETS,
  ...KEYSTORE_TARGETS,
  ...NODE_TARGETS,
  ...ONLINE_TARGETS,
];

/** @throws RangeError for a name that no target has */
export function targetNamed(name: string): Target {
  const target = [...TARGETS, ...PLANTED_TARGETS].find((one) => one.name === name);
  if (target !== undefined) return target;
  throw new RangeError(`no target ${name}; there are: ${TARGETS.map((one) => one.name).join(", ")}`);
}
