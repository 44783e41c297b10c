import { describe, expect, test } from "vitest";
import {
  ADDRESS_CHECKSUM,
  ADDRESS_KIND,
  ADDRESS_MALFORMED,
  ADDRESS_NETWORK,
  addressOfAccount,
  addressOfScript,
  parseAddress,
} from "../../../../src/chains/bitcoin/address.ts";
import { dustThreshold } from "../../../../src/chains/bitcoin/script.ts";
import { accountId } from "../../../../src/core/account.ts";
import { BITCOIN_CHAINS, type Network } from "../../../../src/core/chain.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";

/** From the texts of BIP-173 and BIP-350, and the genesis block's address. */
const VALID: readonly (readonly [string, Network, string, string])[] = [
  [
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "mainnet",
    "p2wpkh",
    "0014751e76e8199196d454941c45d1b3a323f1433bd6",
  ],
  [
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
    "testnet",
    "p2wsh",
    "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
  ],
  [
    "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
    "testnet",
    "p2wsh",
    "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
  ],
  [
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "mainnet",
    "p2tr",
    "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
  ],
  [
    "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
    "testnet",
    "p2tr",
    "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
  ],
  [
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "mainnet",
    "p2pkh",
    "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac",
  ],
  ["3P14159f73E4gFr7JterCCQh9QjiTjiZrG", "mainnet", "p2sh", "a914e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a87"],
  [
    "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
    "regtest",
    "p2pkh",
    "76a914243f1394f44554f4ce3fd68649c19adc483ce92488ac",
  ],
  [
    "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc",
    "testnet",
    "p2sh",
    "a9144e9f39ca4688ff102128ea4ccda34105324305b087",
  ],
];

describe("valid addresses", () => {
  test.each(VALID)("%s on %s is %s", (text, network, kind, script) => {
    const parsed = parseAddress(text, network);
    expect([parsed.kind, toHex(parsed.script)]).toEqual([kind, script]);
    expect(parsed.account).toBe(`${BITCOIN_CHAINS[network]}:${parsed.address}`);
    expect(addressOfScript(parsed.script, network)).toEqual(parsed);
    expect(addressOfAccount(parsed.account, network)).toEqual(parsed);
  });
});

describe("refused addresses", () => {
  test.each([
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh",
    "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47",
    "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
    "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
  ])("checksum, padding or encoding of the wrong BIP: %s", (text) => {
    expectRefusal(() => parseAddress(text, text.startsWith("tb") ? "testnet" : "mainnet"), ADDRESS_CHECKSUM);
  });

  test.each([
    "BC1SW50QGDZ25J",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
    "bc1pw5dgrnzv",
  ])("future version or unknown length: %s", (text) => {
    expectRefusal(() => parseAddress(text, "mainnet"), ADDRESS_KIND);
  });

  test.each([
    ["", "mainnet"],
    ["bc1", "mainnet"],
    ["bc1gmk9yu", "mainnet"],
    ["tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty", "mainnet"],
    ["tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", "testnet"],
    ["bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", "mainnet"],
    ["0x52908400098527886E0F7030069857D2E4169EE7", "mainnet"],
    ["l".repeat(10_000), "mainnet"],
    [`bc1q${"q".repeat(5000)}`, "mainnet"],
    ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN 1", "mainnet"],
  ] as const)("malformed: %s", (text, network) => {
    expectRefusal(() => parseAddress(text, network, "to"), ADDRESS_MALFORMED);
  });

  test("F21: names the network that an address belongs to (B19)", () => {
    const mainnet = expectRefusal(
      () => parseAddress("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "regtest", "to"),
      ADDRESS_NETWORK,
    );
    expect([mainnet.field, mainnet.message.includes("belongs to mainnet, this is regtest")]).toEqual([
      "to",
      true,
    ]);
    const base58 = expectRefusal(
      () => parseAddress("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "mainnet"),
      ADDRESS_NETWORK,
    );
    expect(base58.message).toContain("belongs to testnet and regtest");
    const account = accountId(BITCOIN_CHAINS.mainnet, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
    expectRefusal(() => addressOfAccount(account, "regtest"), ADDRESS_NETWORK);
  });
});

test("F16: dust thresholds are those of Bitcoin Core", () => {
  expect((["p2wpkh", "p2wsh", "p2tr", "p2sh", "p2pkh"] as const).map(dustThreshold)).toEqual([
    294n,
    330n,
    330n,
    540n,
    546n,
  ]);
});
