/** Other makers' PSBTs: their partial signatures are verified one by one, and complete a rung with ours (2 of 3). */
import { describe, expect, test } from "vitest";
import type { BitcoinAttempt } from "../../../src/chains/bitcoin/attempt.ts";
import { bitcoinCodec, partialSignatures } from "../../../src/chains/bitcoin/index.ts";
import { parsePsbt, serialisePsbt } from "../../../src/chains/bitcoin/psbt.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { fromHex } from "../../../src/core/hex.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { importCosigned, PSBT_FOREIGN, type Given } from "../../../src/withdrawals/crossing/cosign.ts";
import { plainAttempts } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { receive, step } from "../../attack/online.ts";
import { signAll } from "../../bitcoin/regtest-wallet.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { fixtureDigest } from "../../factory/identities.ts";
import { WALLET, exportedPlan, type Story, view, decoded, receiptBy } from "../../factory/cosigned.ts";

describe("another maker's signer", () => {
  /** A plain PSBT of rung 1 with the partial signatures of `place`. */
  function psbtBy(story: Story, place: number): Uint8Array {
    const [plain] = step(story.desk, (tx) =>
      plainAttempts(PORTS, tx, PORTS.getPlan(tx, story.plan.id), {
        codec: () => bitcoinCodec,
        view: () => view(story),
      }),
    );
    const psbt = parsePsbt(plain ?? new Uint8Array(0));
    const signatures = signAll(WALLET, decoded(story).rungs[0]?.tx as never, [WALLET.seeds[place] as never]);
    const inputs = psbt.inputs.map((input, index) => ({
      ...input,
      fields: [
        ...input.fields,
        ...signatures
          .filter((one) => one.input === index)
          .map(({ key, signature }) => ({ type: 2, keyData: fromHex(key), value: fromHex(signature) })),
      ],
    }));
    return serialisePsbt({ ...psbt, inputs });
  }

  /** What a PSBT gives, said of `about`. */
  function givenIn(bytes: Uint8Array, about?: Digest): Given<BitcoinAttempt> {
    const { transaction, signatures } = partialSignatures(bytes);
    return {
      bytes,
      signaturesFor: (attempt) => (attempt.transaction === (about ?? transaction) ? signatures : undefined),
    };
  }

  const cosign = (story: Story, bytes: Uint8Array) =>
    step(story.desk, (tx) =>
      importCosigned(PORTS, tx, givenIn(bytes), {
        exported: [PORTS.getPlan(tx, story.plan.id)],
        codec: () => bitcoinCodec,
        view: () => view(story),
        newId: () => "a".repeat(32) as never,
      }),
    );

  test("its partial signatures complete a rung with ours", () => {
    const story = exportedPlan();
    receive(story.desk, receiptBy(story, 0));
    expect(cosign(story, psbtBy(story, 1))).toMatchObject({
      rung: 0,
      complete: true,
      plan: { state: "SIGNED" },
    });
    expect(attemptsOf(story.desk.store, story.plan.id)).toHaveLength(1);
  });

  test("alone they complete nothing, and those of another transaction are nobody's", () => {
    const story = exportedPlan();
    const bytes = psbtBy(story, 1);
    expect(cosign(story, bytes)).toMatchObject({ complete: false, plan: { state: "EXPORTED" } });
    const other = exportedPlan();
    expectRefusal(
      () =>
        step(other.desk, (tx) =>
          importCosigned(PORTS, tx, givenIn(bytes, fixtureDigest("x")), {
            exported: [PORTS.getPlan(tx, other.plan.id)],
            codec: () => bitcoinCodec,
            view: () => view(other),
            newId: () => "b".repeat(32) as never,
          }),
        ),
      PSBT_FOREIGN,
    );
  });
});
