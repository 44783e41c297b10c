/** B20: outputs that hide where value goes, or destroy it. Whatever has no address is refused, OP_RETURN always. */
import { describe, expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { OUTPUT_UNKNOWN } from "../../src/chains/bitcoin/outputs.ts";
import { fromHex } from "../../src/core/hex.ts";
import { changed, editPsbt } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { CUSTOMER_SCRIPT, offered, onePayment, withExtraOutput, withOutput } from "./one-payment.ts";
import { pair } from "./pair.ts";

const OP_RETURN = fromHex("6a0548656c6c6f");

pair("B20", "the payment's value goes to OP_RETURN", {
  good: onePayment,
  bad: (papers) => withOutput(papers, "pay", ({ units }) => ({ units, script: OP_RETURN })),
  judge: offered,
  accepted: "signed",
  refused: "G8 OUTPUT_UNKNOWN",
  removes: ["an output has an address"],
  without: "G6 EFFECT_WITHOUT_INTENT",
});

pair("B20", "a script that nobody knows stands beside the payment", {
  good: () => withExtraOutput(onePayment(), { units: 1000n, script: CUSTOMER_SCRIPT }),
  bad: () => withExtraOutput(onePayment(), { units: 1000n, script: fromHex("51024e73") }),
  judge: offered,
  accepted: "G6 EFFECT_WITHOUT_INTENT",
  refused: "G8 OUTPUT_UNKNOWN",
  removes: ["an output has an address"],
  without: "G6 EFFECT_WITHOUT_INTENT",
});

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const payAt = decode(good, view).effects.findIndex(({ type }) => type === "pay");

const toScript = (hex: string, units = 80_000n) =>
  editPsbt(
    good,
    (psbt) =>
      void (psbt.unsigned = {
        ...psbt.unsigned,
        outputs: changed(psbt.unsigned.outputs, payAt, () => ({ units, script: fromHex(hex) })),
      }),
  );

describe("B20: outputs", () => {
  test.each([
    ["OP_RETURN with value", "6a0548656c6c6f"],
    ["a bare key", `21${"02".repeat(33)}ac`],
    ["a bare multisig", `5121${"02".repeat(33)}51ae`],
    ["a future witness version", `5220${"11".repeat(32)}`],
    ["a short witness program", "0002aabb"],
    ["an empty script", ""],
    ["pay to anchor", "51024e73"],
    // BIP-340's vectors name x = eefd…: "public key not on the curve". Whatever is paid to it is burnt.
    [
      "a taproot key that is no point",
      "5120eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34",
    ],
  ])("refuses %s", (_name, script) => {
    expect(expectRefusal(() => decode(toScript(script), view), OUTPUT_UNKNOWN).field).toBe(
      `outputs[${payAt}]`,
    );
  });

  test("refuses OP_RETURN without value too", () => {
    expectRefusal(() => decode(toScript("6a", 0n), view), OUTPUT_UNKNOWN);
  });

  test.each([
    ["P2PKH", `76a914${"11".repeat(20)}88ac`],
    ["P2SH", `a914${"11".repeat(20)}87`],
    ["P2WPKH", `0014${"11".repeat(20)}`],
    ["P2WSH", `0020${"11".repeat(32)}`],
    ["P2TR", "512053a1f6e454df1aa2776a2814a721372d6258050de330b3c6d10ee8f4e0dda343"],
  ])("pays %s", (_name, script) => {
    expect(decode(toScript(script), view).effects[payAt]).toMatchObject({ type: "pay", units: 80_000n });
  });

  test("F16: an output below dust is shown", () => {
    expect(decode(toScript(`0014${"11".repeat(20)}`, 293n), view).warnings.join()).toContain("is dust");
    expect(decode(toScript(`0014${"11".repeat(20)}`, 294n), view).warnings.join()).not.toContain("is dust");
  });
});
