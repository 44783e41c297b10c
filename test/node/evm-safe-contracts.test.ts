/**
 * Safe's own contracts, of each version, on a real node: they hash as we do, take the signatures that we take, and pay
 * what two of three owners signed, once.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { addressOf } from "../../src/chains/evm/address.ts";
import { SAFE_VERSIONS } from "../../src/chains/evm/deployments.ts";
import { ZERO_ADDRESS } from "../../src/chains/evm/erc20.ts";
import {
  hashSafeTx,
  makeSafeCancel,
  makeSafeTx,
  safeDomainSeparator,
  type SafeTx,
} from "../../src/chains/evm/safe.ts";
import { changeSafeTx, changeText, decodeChange, parseChange } from "../../src/chains/evm/safe-change.ts";
import { decodeExecution, encodeExecution } from "../../src/chains/evm/safe-execution.ts";
import { paySafeTx, readSafePayments, type SafePayment } from "../../src/chains/evm/safe-payments.ts";
import { packSignatures, readSignatures } from "../../src/chains/evm/safe-signatures.ts";
import { signatureBytes } from "../../src/chains/evm/signature.ts";
import { concatBytes, toHex } from "../../src/core/hex.ts";
import { noise } from "../factory/noise.ts";
import { safeHouse, type SafeHouse } from "../factory/safe-contracts.ts";
import { OUTSIDER, OWNERS, signSafeTx, stranger, type Owner } from "../factory/safe-fixture.ts";
import { looseBatch } from "../factory/safe-payment.ts";
import { codeOf } from "../factory/thrown.ts";

const ONE = 10n ** 18n;
const HASHES = 100;
const [first, second, third] = OWNERS;
let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil();
});
afterAll(() => anvil.stop());

/** Any transaction that a Safe could be asked for, refunds and delegate calls included. */
function randomTx(seed: number): SafeTx {
  const bytes = (name: string, length: number) => noise(length, `safe tx ${seed} ${name}`);
  const number = (name: string) => BigInt(`0x${toHex(bytes(name, 1 + (seed % 32)))}`);
  const address = (name: string) => addressOf(bytes(name, 20));
  return {
    to: address("to"),
    value: number("value"),
    data: bytes("data", seed % 70),
    operation: seed % 2 === 0 ? 0 : 1,
    safeTxGas: number("safeTxGas"),
    baseGas: number("baseGas"),
    gasPrice: number("gasPrice"),
    gasToken: address("gasToken"),
    refundReceiver: address("refundReceiver"),
    nonce: number("nonce"),
  };
}

describe.each(SAFE_VERSIONS)("Safe %s", (version) => {
  let house: SafeHouse;
  beforeAll(async () => {
    house = await safeHouse(anvil, version);
  });

  /** The call that executes what these owners signed; written and read as a relayer's plan will be. */
  function executed(tx: SafeTx, signers: readonly Owner[]): Uint8Array {
    const { safe } = house;
    const hash = hashSafeTx(tx, safe).digest;
    const signatures = packSignatures(
      hash,
      signers.map((owner) => signSafeTx(tx, safe, owner)),
      safe,
    );
    const data = encodeExecution(tx, signatures);
    const read = decodeExecution(data, tx.nonce);
    expect(read.tx).toEqual(tx);
    readSignatures(hash, read.signatures, safe);
    return data;
  }

  const pay = async (payments: readonly SafePayment[]) => {
    const tx = paySafeTx(payments, house.safe, await house.nonce());
    expect(readSafePayments(tx, house.safe, [house.token.address])).toEqual(payments);
    return tx;
  };

  test("the contract is the version that it says, and has our owners, threshold and domain", async () => {
    const { contract, safe } = house;
    expect(await contract.ask("VERSION")).toBe(version);
    expect(new Set((await contract.ask("getOwners")) as string[])).toEqual(new Set(safe.owners));
    expect(await contract.ask("getThreshold")).toBe(2n);
    expect(await contract.ask("domainSeparator")).toBe(`0x${toHex(safeDomainSeparator(safe))}`);
  });

  test(`${HASHES} transactions have the hashes that the contract gives them`, async () => {
    const { contract, safe } = house;
    for (let seed = 0; seed < HASHES; seed += 1) {
      const { to, value, data, operation, safeTxGas, baseGas, gasPrice, gasToken, refundReceiver, nonce } =
        randomTx(seed);
      const values = [
        to,
        value,
        data,
        operation,
        safeTxGas,
        baseGas,
        gasPrice,
        gasToken,
        refundReceiver,
        nonce,
      ];
      const hash = await contract.ask("getTransactionHash", values);
      expect(`0x${toHex(hashSafeTx(randomTx(seed), safe).digest)}`).toBe(hash);
    }
    console.log(`Safe ${version}: ${HASHES} hashes as the contract has them`);
  });

  test("ether: paid once, by any two of three, and never a second time", async () => {
    const { safe, coins } = house;
    const to = stranger(`${version} ether`);
    for (const [place, signers] of [
      [second, first],
      [first, third],
      [third, second],
    ].entries()) {
      const data = executed(await pay([{ to, units: ONE }]), signers);
      expect(await house.send(safe.address, data)).toBe(true);
      expect(await coins(to)).toBe(ONE * BigInt(place + 1));
      expect(await house.send(safe.address, data)).toBe(false);
      expect(await coins(to)).toBe(ONE * BigInt(place + 1));
    }
    expect(await house.nonce()).toBe(3n);
  });

  test("tokens: paid once", async () => {
    const { safe, token, tokens } = house;
    const to = stranger(`${version} tokens`);
    const data = executed(await pay([{ token: token.address, to, units: 2500n }]), [third, first]);
    expect(await house.send(safe.address, data)).toBe(true);
    expect(await house.send(safe.address, data)).toBe(false);
    expect(await tokens(to)).toBe(2500n);
    expect(await tokens(safe.address)).toBe(997_500n);
  });

  test("a batch of ether and tokens by MultiSendCallOnly: all of it, once", async () => {
    const { safe, token, coins, tokens } = house;
    const [one, two, three] = ["one", "two", "three"].map((name) => stranger(`${version} batch ${name}`)) as [
      typeof safe.address,
      typeof safe.address,
      typeof safe.address,
    ];
    const payments = [
      { to: one, units: ONE / 4n },
      { token: token.address, to: two, units: 10n },
      { to: three, units: ONE / 2n },
      { token: token.address, to: three, units: 20n },
    ];
    const data = executed(await pay(payments), [first, second]);
    expect(await house.send(safe.address, data)).toBe(true);
    expect(await house.send(safe.address, data)).toBe(false);
    const held = async (who: typeof one) => [await coins(who), await tokens(who)];
    expect([await held(one), await held(two), await held(three)]).toEqual([
      [ONE / 4n, 0n],
      [0n, 10n],
      [ONE / 2n, 20n],
    ]);
  });

  test("a call that fails has no effect, uses up no nonce, and can be executed later (law 4)", async () => {
    const { safe, token, tokens } = house;
    const to = stranger(`${version} later`);
    const tx = await pay([
      { to, units: 1n },
      { token: token.address, to, units: 2_000_000n },
    ]);
    const data = executed(tx, [first, second]);
    expect(await house.send(safe.address, data)).toBe(false);
    expect(await house.nonce()).toBe(tx.nonce);
    expect(await house.coins(to)).toBe(0n);
    await house.send(token.address, token.encode("transfer", [safe.address, 2_000_000]));
    expect(await house.send(safe.address, data)).toBe(true);
    expect(await tokens(to)).toBe(2_000_000n);
    expect(await house.nonce()).toBe(tx.nonce + 1n);
  });

  test("a cancel uses up the nonce, and what had it before is dead", async () => {
    const { safe } = house;
    const to = stranger(`${version} cancelled`);
    const tx = await pay([{ to, units: ONE }]);
    const data = executed(tx, [first, second]);
    expect(await house.send(safe.address, executed(makeSafeCancel(safe, tx.nonce), [second, third]))).toBe(
      true,
    );
    expect(await house.nonce()).toBe(tx.nonce + 1n);
    expect(await house.send(safe.address, data)).toBe(false);
    expect(await house.coins(to)).toBe(0n);
  });

  test("signatures that the contract refuses, we refuse", async () => {
    const { safe } = house;
    const tx = await pay([{ to: stranger(`${version} refused`), units: 1n }]);
    const hash = hashSafeTx(tx, safe).digest;
    const sign = (owner: Owner, of = tx) => signatureBytes(signSafeTx(of, safe, owner));
    const [a, b, c] = OWNERS.map((owner) => sign(owner)) as [Uint8Array, Uint8Array, Uint8Array];
    const outside = sign(OUTSIDER);
    // At whichever of the places that the contract looks at.
    const withOutsider = [first, OUTSIDER]
      .sort((one, two) => (one.address.toLowerCase() < two.address.toLowerCase() ? -1 : 1))
      .map((owner) => sign(owner));
    const refused: readonly (readonly [what: string, signatures: readonly Uint8Array[], says: RegExp])[] = [
      ["a stranger's among them, sorted", withOutsider, /GS026/],
      ["a stranger's before two owners'", [outside, a, b], /GS026/],
      ["unsorted", [b, a], /GS026/],
      ["one owner twice", [a, a], /GS026/],
      ["one owner twice, and another", [a, a, b], /GS026/],
      ["of another nonce", [a, sign(second, { ...tx, nonce: tx.nonce + 1n })], /GS026/],
      ["too few", [a], /GS020/],
      ["none", [], /GS020/],
    ];
    for (const [what, signatures, says] of refused) {
      const packed = concatBytes(...signatures);
      expect(
        codeOf(() => readSignatures(hash, packed, safe)),
        what,
      ).toBe("SAFE_SIGNATURES");
      await expect(house.simulate(safe.address, encodeExecution(tx, packed)), what).rejects.toThrow(says);
      expect(await house.send(safe.address, encodeExecution(tx, packed)), what).toBe(false);
    }
    expect(await house.nonce()).toBe(tx.nonce);
    // The contract does not look behind its threshold; here nothing may stand there.
    for (const beyond of [c, outside]) {
      await house.simulate(safe.address, encodeExecution(tx, concatBytes(a, b, beyond)));
      expect(codeOf(() => readSignatures(hash, concatBytes(a, b, beyond), safe))).toBe("SAFE_SIGNATURES");
    }
    // The twin, sorted and by two owners.
    expect(readSignatures(hash, concatBytes(a, b), safe)).toEqual([first.address, second.address]);
    expect(await house.send(safe.address, encodeExecution(tx, concatBytes(a, b)))).toBe(true);
  });

  test("changes of owners and threshold do what they are read as", async () => {
    const { safe, contract } = house;
    const change = async (words: string, as = safe) => {
      const lists = { owners: (await contract.ask("getOwners")) as string[], modules: [] };
      const tx = changeSafeTx(parseChange(words), as, lists, await house.nonce());
      expect(changeText(decodeChange(tx, as))).toBe(words);
      expect(await house.send(safe.address, executed(tx, [first, second]))).toBe(true);
    };
    const owners = async () => new Set((await contract.ask("getOwners")) as string[]);
    const [added, other] = [stranger("new owner"), stranger("other owner")];
    // The contract puts a new owner at the head of its list.
    await change(`add owner ${added}, threshold 2`);
    expect(await owners()).toEqual(new Set([...safe.owners, added]));
    const more = { ...safe, owners: [added, ...safe.owners] };
    await change(`replace owner ${added} by ${other}`, more);
    expect(await owners()).toEqual(new Set([...safe.owners, other]));
    const swapped = { ...safe, owners: [other, ...safe.owners] };
    await change(`remove owner ${other}, threshold 1`, swapped);
    expect(await owners()).toEqual(new Set(safe.owners));
    expect(await contract.ask("getThreshold")).toBe(1n);
    await change("threshold 2");
    await change("remove guard");
    await change("remove fallback handler");
    expect(await contract.ask("getThreshold")).toBe(2n);
  });

  test("E4: a batched call of the zero address: 1.5.0 takes it for the Safe itself", async () => {
    const { safe, contract } = house;
    const { data } = changeSafeTx(
      { change: "threshold", threshold: 1 },
      safe,
      { owners: [], modules: [] },
      0n,
    );
    const batch = looseBatch([{ to: ZERO_ADDRESS, value: 0n, data }]);
    const nonce = await house.nonce();
    const tx = makeSafeTx({ to: safe.multiSendCallOnly, value: 0n, data: batch, operation: 1, nonce });
    expect(codeOf(() => readSafePayments(tx, safe, []))).toBe("EVM_MULTI_SEND_REFUSED");
    expect(await house.send(safe.address, executed(tx, [first, second]))).toBe(true);
    expect(await contract.ask("getThreshold")).toBe(version === "1.5.0" ? 1n : 2n);
  });
});
