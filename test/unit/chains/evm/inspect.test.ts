/** What files of EVM chains say for themselves, held beside ethers' reading of the same bytes. */
import { Interface, Transaction, TypedDataEncoder, Wallet } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inspect } from "../../../../src/chains/inspect.ts";
import { contractOf } from "../../../../src/chains/evm/tokens.ts";
import { documentBytes, makeDocument } from "../../../../src/core/document.ts";
import { PLAN } from "../../../../src/core/documents/plan.ts";
import { CustodyError } from "../../../../src/core/errors.ts";
import { concatBytes, fromBase64, fromHex, toBase64, toHex, utf8 } from "../../../../src/core/hex.ts";
import { evmCustody, evmPayout, evmPlan, evmRequest } from "../../../factory/evm-account.ts";
import { safeCustody, safePlan } from "../../../factory/evm-safe.ts";
import { controlPlanned, controlTask } from "../../../factory/safe-control.ts";
import { tokenCustody, tokenPayout, tokenPlan, USDC } from "../../../factory/evm-token.ts";

/** Published: FOR REGTEST ONLY. */
const SIGNER = new Wallet(`0x${"11".repeat(32)}`);
const PAYEE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const ERC20 = new Interface([
  "function approve(address spender, uint256 units)",
  "function setApprovalForAll(address operator, bool approved)",
  "function mint(address to, uint256 units)",
]);

const look = (bytes: Uint8Array | string) =>
  inspect(typeof bytes === "string" ? utf8(bytes) : bytes, undefined);
const fact = (said: ReturnType<typeof look>, label: string) =>
  said.facts.filter(([name]) => name === label).map(([, value]) => value);

async function signedBy(changes: object): Promise<string> {
  const common = { chainId: 1, nonce: 7, gasLimit: 60_000, to: PAYEE, value: 10n ** 18n };
  return SIGNER.signTransaction({
    ...common,
    type: 2,
    maxFeePerGas: 30n * 10n ** 9n,
    maxPriorityFeePerGas: 15n * 10n ** 8n,
    ...changes,
  });
}

describe("a transaction as nodes take it", () => {
  test.each([
    ["type 2", {}],
    ["type 1", { type: 1, maxFeePerGas: null, maxPriorityFeePerGas: null, gasPrice: 20n * 10n ** 9n }],
    ["type 0", { type: 0, maxFeePerGas: null, maxPriorityFeePerGas: null, gasPrice: 20n * 10n ** 9n }],
  ])(
    "%s: whose, which, to whom and at which cost, as ethers reads it, from hex and from bytes",
    async (_, changes) => {
      const raw = await signedBy(changes);
      const { from, hash } = Transaction.from(raw);
      for (const said of [look(`${raw}\n`), look(fromHex(raw.slice(2)))]) {
        expect(said.kind).toBe("transaction");
        expect(said.data).toMatchObject({ chain: "eip155:1", from, id: hash?.slice(2), nonce: "7" });
        expect(fact(said, "pays")).toEqual([
          `1.000000000000000000 ETH (1,000,000,000,000,000,000 wei) to ${PAYEE}`,
        ]);
        expect(fact(said, "from")).toEqual([from]);
        expect(said.refusals).toEqual([]);
      }
    },
  );

  test("unsigned, it says what would be signed", () => {
    const unsigned = Transaction.from({
      chainId: 137,
      nonce: 0,
      gasLimit: 21_000,
      to: PAYEE,
      value: 1,
      type: 2,
      maxFeePerGas: 2,
      maxPriorityFeePerGas: 1,
    });
    const said = look(unsigned.unsignedSerialized);
    expect(fact(said, "to be signed")).toEqual([unsigned.unsignedHash.slice(2)]);
    expect(fact(said, "kind")[0]).toContain("eip155:137, unsigned");
  });

  test("E8: types 3 and 4 are named, and never signed", () => {
    for (const [type, words] of [
      [3, "blobs"],
      [4, "code for accounts"],
    ] as const) {
      const said = look(concatBytes(Uint8Array.of(type, 0xc0)));
      expect(said.refusals).toMatchObject([
        { rule: "EVM_TRANSACTION_TYPE", why: expect.stringContaining(words) },
      ]);
    }
  });

  test("E5: a permission is shown with who gets it and how much, and never signed", async () => {
    const unlimited = ERC20.encodeFunctionData("approve", [PAYEE, 2n ** 256n - 1n]);
    const said = look(await signedBy({ data: unlimited, value: 0 }));
    expect(fact(said, "allows")).toEqual([`${PAYEE} to move UNLIMITED`]);
    expect(said.warnings.join()).toContain("could move all");
    expect(said.refusals).toMatchObject([{ rule: "EVM_ALLOWANCE_REFUSED" }]);
    const some = look(await signedBy({ data: ERC20.encodeFunctionData("approve", [PAYEE, 5]), value: 0 }));
    expect([fact(some, "allows"), some.warnings]).toEqual([[`${PAYEE} to move 5 base units`], []]);
    const all = look(await signedBy({ data: ERC20.encodeFunctionData("setApprovalForAll", [PAYEE, true]) }));
    expect(fact(all, "allows")).toEqual([`${PAYEE} to move every token of the contract`]);
  });

  test("E6: what nothing here reads is shown by its first bytes, and never signed", async () => {
    const said = look(await signedBy({ data: ERC20.encodeFunctionData("mint", [PAYEE, 5]) }));
    expect(fact(said, "calls")[0]).toContain("nothing here knows what that does");
    expect(said.refusals.map(({ rule }) => rule)).toContain("EVM_CALLDATA_UNKNOWN");
  });
});

describe("plans and requests", () => {
  test("of an account: payment, nonce, fees and what a cancel does", () => {
    const custody = evmCustody();
    const payouts = [evmPayout(custody)];
    const request = evmRequest(custody, payouts, [evmPlan(custody, payouts)]);
    const said = look(documentBytes(request));
    expect(fact(said, "pays")[0]).toMatch(/^1\.000000000000000000 ETH \(.* wei\) to 0x/);
    expect(fact(said, "uses")).toEqual(["nonce 7"]);
    expect(fact(said, "cancel")[0]).toContain("it pays nobody");
    expect(said.refusals).toEqual([]);
  });

  test("of an account that pays tokens: the contract and base units, for nobody here knows its decimals", () => {
    const custody = tokenCustody();
    const said = look(documentBytes(tokenPlan(custody, [tokenPayout(custody)])));
    expect(fact(said, "pays")[0]).toContain(`base units of token ${contractOf(USDC)}`);
    expect(said.refusals).toEqual([]);
  });

  test("of a Safe: each payment of its batch", () => {
    const vault = safeCustody();
    const plan = safePlan(vault, [
      evmPayout(vault, { label: "coins" }),
      tokenPayout(vault, { label: "tokens" }),
    ]);
    const said = look(documentBytes(plan));
    expect(fact(said, "batch")).toEqual([expect.stringMatching(/^2 calls/)]);
    expect(fact(said, "pays")).toHaveLength(2);
    expect(fact(said, "uses")).toEqual(["nonce 7 of its Safe"]);
    expect(said.refusals).toEqual([]);
  });

  test("of a Safe that is told who commands it: the change, in the intent's words", () => {
    const { plan } = controlPlanned("threshold 3", controlTask("threshold 3"));
    const said = look(documentBytes(plan));
    expect(fact(said, "changes")).toEqual([
      expect.stringContaining("threshold 3; for intents of type control"),
    ]);
    expect(said.refusals).toEqual([]);
  });

  test("E3: a delegate call elsewhere than to a batch is never signed", () => {
    const vault = safeCustody();
    const plan = safePlan(vault, [evmPayout(vault)]);
    const base = fromBase64(plan.body.base);
    base[52] = 1;
    const said = look(documentBytes(makeDocument(PLAN, { ...plan.body, base: toBase64(base) })));
    expect(said.refusals).toMatchObject([{ rule: "SAFE_DELEGATE_CALL" }]);
  });
});

describe("typed data of another program", () => {
  const domain = { name: "USD Coin", version: "2", chainId: 1, verifyingContract: contractOf(USDC) };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const message = { owner: PAYEE, spender: SIGNER.address, value: "5", nonce: "0", deadline: "1900000000" };

  test("E7: every value and both hashes, as ethers has them; and never signed", () => {
    const payload = TypedDataEncoder.getPayload(domain, types, message) as object;
    const said = look(JSON.stringify(payload, undefined, 2));
    expect(said.kind).toBe("typed-data");
    expect(fact(said, "message.spender")).toEqual([`${SIGNER.address}   (address)`]);
    expect(fact(said, "domain hash")).toEqual([TypedDataEncoder.hashDomain(domain).slice(2)]);
    expect(fact(said, "message hash")).toEqual([
      TypedDataEncoder.hashStruct("Permit", types, message).slice(2),
    ]);
    expect(fact(said, "to be signed")).toEqual([TypedDataEncoder.hash(domain, types, message).slice(2)]);
    expect(said.refusals).toMatchObject([{ rule: "EVM_TYPED_DATA_FOREIGN" }]);
  });

  test("of a domain without a chain it warns", () => {
    const { chainId: _, ...anywhere } = domain;
    const payload = TypedDataEncoder.getPayload(anywhere, types, message) as object;
    expect(look(JSON.stringify(payload)).warnings).toHaveLength(1);
  });
});

test("whatever follows an envelope's type, it is described or refused with a code", () => {
  const beginning = fc.constantFrom([1, 0xc1], [2, 0xf8], [2, 0xc0], [0xf8], [0xc5], [4, 0xd0]);
  fc.assert(
    fc.property(beginning, fc.uint8Array({ maxLength: 200 }), (first, rest) => {
      try {
        expect(look(concatBytes(Uint8Array.from(first), rest)).kind).toBe("transaction");
      } catch (error) {
        expect(error, toHex(rest)).toBeInstanceOf(CustodyError);
      }
    }),
  );
});
