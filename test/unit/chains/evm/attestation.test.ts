/** What an account's key says for itself (EIP-712): as ethers hashes and verifies it, and as the signer's gates take it. */
import { TypedDataEncoder, verifyTypedData } from "ethers";
import { describe, expect, test } from "vitest";
import { attestationOf, attestedBy, isAttestation } from "../../../../src/chains/evm/attestation.ts";
import { evmBuilder, evmCodec } from "../../../../src/chains/evm/index.ts";
import type { BuildTask } from "../../../../src/chains/adapter.ts";
import { fromHex, toBase64, toHex, utf8 } from "../../../../src/core/hex.ts";
import { feeCapsOf } from "../../../../src/core/policy/fee-caps.ts";
import { stateFor, viewOf } from "../../../factory/custody.ts";
import { row } from "../../../factory/documents.ts";
import {
  ANVIL,
  ETHER,
  evmCustody,
  evmOwnPlan,
  evmPayout,
  evmSnapshot,
  ownAccount,
} from "../../../factory/evm-account.ts";
import { safeCustody } from "../../../factory/evm-safe.ts";
import { reviewed, signed } from "../../../factory/gates.ts";
import { ask, wish, type Planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";

const SAID = "reserves of 2026-11-23: this account is ours";
const own = row("says", "0", "1", 1, { type: "attest", asset: ETHER });
const custody = evmCustody({ rows: [...evmCustody().policy.body.rows, own] });
const { address } = ownAccount();

const typed = (message: string, chainId = 31337) =>
  [
    { name: "Custody attestation", version: "1", chainId },
    {
      Attestation: [
        { name: "account", type: "address" },
        { name: "message", type: "string" },
      ],
    },
    { account: address, message },
  ] as const;
const hashOf = (...args: Parameters<typeof typed>) => {
  const [domain, types, value] = typed(...args);
  return TypedDataEncoder.hash(domain, types as never, value);
};

const build = (task: BuildTask, of = custody) =>
  evmBuilder.build(task, viewOf(of), evmSnapshot(), {
    feeRatesMilli: [20_000n],
    caps: feeCapsOf(of.policy.body.chains[0] as never),
    anchors: [],
  });
const attest = (message: string, coins = false): BuildTask => ({ type: "attest", message, coins });

/** A plan that does `task`, for an intent that says `message`. */
function planned(message: string, task: BuildTask): Planned {
  const asked = wish(custody, "attest", { message, coins: false, units: "0" }, { asset: ETHER });
  const plan = evmOwnPlan(custody, asked.intent, build(task), "saying");
  return { plan, previous: [], payouts: [], wishes: [asked] };
}
const said = (made: Planned) => codeOf(() => reviewed(ask(custody, [made]), stateFor(custody)));

describe("an account's text", () => {
  test("is hashed as ethers hashes it, bound to the chain and to the account", () => {
    const { base } = build(attest(SAID));
    const { rungs } = evmCodec.decodePlan({ base, rungs: [{ feeUnits: "0" }] }, [], viewOf(custody));
    expect(`0x${rungs[0]?.transaction}`).toBe(hashOf(SAID));
    expect(hashOf(SAID)).not.toBe(hashOf(SAID, 1));
    expect(attestationOf(address, SAID, ANVIL).domain).toMatchObject({ chainId: 31337n });
  });

  test("is signed by the whole signer, and ethers finds our account in it", () => {
    const state = stateFor(custody);
    const { receipt } = signed(ask(custody, [planned(SAID, attest(SAID))]), state);
    const { outcome } = receipt.body;
    const [plan] = outcome.type === "signed" ? outcome.plans : [];
    const signature = plan?.rungs[0]?.signatures[0]?.signature ?? "";
    const [domain, types, value] = typed(SAID);
    expect(verifyTypedData(domain, types as never, value, `0x${signature}`)).toBe(address);
    const about = { account: address, message: SAID, chain: ANVIL };
    expect(attestedBy(about, fromHex(signature))).toBe(address);
    expect(attestedBy({ ...about, message: `${SAID}.` }, fromHex(signature))).not.toBe(address);
    const { rungs } = evmCodec.decodePlan(
      { base: build(attest(SAID)).base, rungs: [{ feeUnits: "0" }] },
      [],
      viewOf(custody),
    );
    const [attempt] = rungs;
    const signatures = plan?.rungs[0]?.signatures ?? [];
    expect(evmCodec.messageSignature(attempt?.tx as never, signatures)).toBe(`0x${signature}`);
    expect(codeOf(() => evmCodec.combine(attempt?.tx as never, signatures))).toBe("EVM_NOTHING_TO_SEND");
  });

  test("B24: another text than people approved, or a payment in its place, is refused", () => {
    expect(said(planned(SAID, attest(SAID)))).toBe("none");
    expect(said(planned(SAID, attest("reserves of 2026-11-23: this account is hers")))).toBe(
      "G6_MESSAGE_DIFFERS",
    );
    const { intent, beneficiary } = evmPayout(custody);
    const paid = { asset: intent.body.asset, units: BigInt(intent.body.units) };
    const pays: BuildTask = { type: "pay", payments: [{ account: beneficiary.body.account, amount: paid }] };
    expect(said(planned(SAID, pays))).toBe("G6_CANCEL_UNASKED");
  });

  test("B24: its bytes are no transaction's, and hold plain text of one line", () => {
    const { base } = build(attest(SAID));
    expect(isAttestation(fromHex(toHex(utf8("\x19"))))).toBe(true);
    const decode = (text: string, rungs: { feeUnits: string }[] = [{ feeUnits: "0" }]) =>
      codeOf(() => evmCodec.decodePlan({ base: toBase64(utf8(`\x19${text}`)), rungs }, [], viewOf(custody)));
    expect(decode(SAID)).toBe("none");
    expect(toHex(utf8(`\x19${SAID}`))).toBe(toHex(fromHex(Buffer.from(base, "base64").toString("hex"))));
    for (const text of ["", "x", "two\nlines", " begins with a space", "\u202eturned", "\ufffd"])
      expect(decode(text)).toBe("EVM_ATTESTATION_MALFORMED");
    expect(decode(SAID, [{ feeUnits: "1" }])).toBe("EVM_ATTESTATION_MALFORMED");
    expect(decode(SAID, [{ feeUnits: "0" }, { feeUnits: "0" }])).toBe("EVM_ATTESTATION_MALFORMED");
  });

  test("shows no coins, and a Safe says nothing", () => {
    expect(codeOf(() => build(attest(SAID, true)))).toBe("EVM_ATTESTS_NO_COINS");
    expect(codeOf(() => build(attest(SAID), safeCustody()))).not.toBe("none");
  });
});
