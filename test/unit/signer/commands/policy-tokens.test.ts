/** Tokens in the policy that a signer pins: shown with contract and decimals, and held to their one spelling (E12). */
import { expect, test } from "vitest";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { grouped } from "../../../../src/terminal/table.ts";
import { policyBody } from "../../../factory/documents.ts";
import { contract, tokenCustody, tokenOf, USDC } from "../../../factory/evm-token.ts";
import { pinnedHome, readyHome } from "../../../factory/signer-home.ts";

const { body } = tokenCustody().policy;
const CHANGES = {
  wallets: [...body.wallets],
  chains: [...body.chains, ...policyBody().chains],
  rows: [...body.rows],
  tokens: [USDC],
} satisfies Partial<Policy>;

test("policy show names each token, and says fees in the coin that pays them", async () => {
  const home = await pinnedHome(CHANGES);
  const { stdout } = await home.terminal(["policy", "show"], []);
  const text = stdout.replace(/\s+/g, " ");
  expect(text).toContain(`token USDC 6 decimals · ${grouped(contract())} on eip155:31337`);
  expect(text).toMatch(
    /to 1000\.000000 USDC .*1000\.000000 a day, 1000\.000000 in 30 days; fees 1000\.0{18} and 1000\.0{18} ETH/,
  );
});

test("a policy whose token is not spelt with its checksum is not signed by a signer; spelt so, it is", async () => {
  const lower = tokenOf("usdc", 6, "USDC", contract().toLowerCase() as never);
  const rows = body.rows.map((row) => (row.asset === USDC ? { ...row, asset: lower } : row));
  await expect(readyHome({ ...CHANGES, rows, tokens: [lower] })).rejects.toThrow(/EVM_ADDRESS_CHECKSUM/);
  await expect(readyHome(CHANGES)).resolves.toBeDefined();
});
