/** What signers of other makers have signed: a PSBT's partial signatures, or a device's answer. */
import { readEthSignature } from "../../airgap/registry/eth-sign-request.ts";
import { rungName, rungNumber } from "../../chains/attempts.ts";
import { asPsbtV0, bitcoinCodec, partialSignatures } from "../../chains/bitcoin/index.ts";
import type { EvmAttempt } from "../../chains/evm/attempt.ts";
import { evmCodec } from "../../chains/evm/index.ts";
import { answererOf, answerOf } from "../../chains/evm/sign-request.ts";
import { counted } from "../../core/count.ts";
import { LIMITS } from "../../core/limits.ts";
import { PLAN_OUT } from "../../core/states/plan.ts";
import { change, requirePolicy, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { listPlans } from "../../store/plans.ts";
import type { Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { importCosigned, type Given } from "../../withdrawals/crossing/cosign.ts";
import { MESSAGE_SIGNED } from "./draw-signed.ts";
import { reading } from "./import-kinds.ts";

/** Takes over the partial signatures of another maker's signer, from a PSBT of either version. */
export function importPsbt(online: Online, bytes: Uint8Array): Outcome {
  const { transaction, signatures } = partialSignatures(asPsbtV0(bytes));
  return importGiven(online, bitcoinCodec, {
    bytes,
    signaturesFor: (attempt) => (attempt.transaction === transaction ? signatures : undefined),
  });
}

/** Takes over what a device of another maker has answered for an account, or for an owner of a Safe (`ur:eth-signature`, ERC-4527). */
export function importAnswer(online: Online, bytes: Uint8Array): Outcome {
  const { requestId, signature } = readEthSignature(bytes);
  return importGiven(online, evmCodec, {
    bytes,
    signaturesFor: ({ tx }) => {
      // What these chains' codec has read.
      const attempt = tx as EvmAttempt;
      const by = answererOf(attempt, requestId);
      return by && [answerOf(attempt, by, signature)];
    },
  });
}

// Only plans of the chains that such a signature is for: no other chain's bytes are handed to what reads it.
function importGiven(
  online: Online,
  codec: { reads(chain: string): boolean },
  given: Given<unknown>,
): Outcome {
  const page = { limit: LIMITS.pageRowsMax };
  const { wallets } = requirePolicy(online).body;
  const payers = new Set(wallets.filter(({ chain }) => codec.reads(chain)).map(({ name }) => name));
  const cosigned = change(online, (tx) => {
    const exported = [...PLAN_OUT, "ATTESTED" as const].flatMap((state) =>
      listPlans(tx, { state }, page)
        .filter(({ wallet }) => payers.has(wallet))
        .reverse(),
    );
    return importCosigned(PORTS, tx, given, { exported, ...reading(online) });
  });
  const { plan, rung, complete, count } = cosigned;
  const name = rung === "cancel" ? "the cancel rung" : rungName(rung);
  return {
    data: {
      outcome: "cosigned",
      plan: plan.id,
      state: plan.state,
      rung: rungNumber(rung),
      signatures: count,
      complete,
    },
    text: drawFacts([
      ["cosigned", `${counted(count, "signature")} for ${name}, each verified here`],
      ["plan", `${plan.id} is ${plan.state}`],
    ]),
    next: complete
      ? plan.state === "ATTESTED"
        ? MESSAGE_SIGNED
        : "custody-watcher once"
      : "custody withdraw import FILE   (of the wallet's other signers)",
  };
}
