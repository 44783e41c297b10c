import type { Check } from "./check.ts";

const EVM = "src/chains/evm";

/** Checks of the EVM codec, and of policies and intake where tokens are concerned. */
export const OF_EVM = {
  "a control does what people approved": {
    file: "signer/gates/g6-control.ts",
    find: "if (‹effect.change === body.change›) return",
    instead: "true",
  },
  "a Safe never obeys foreign owners alone": {
    file: `${EVM}/safe-change.ts`,
    find: 'if (!("threshold" in change) || ‹change.threshold > foreign›) return;',
    instead: "true",
  },
  "a transaction is for the wallet's chain": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹chainId === chainIdOf(chain)›) return;",
    instead: "true",
  },
  "no chain has the number 0": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹chainId === 0n›) throw CHAIN_ID_MISSING",
    instead: "false",
  },
  "a transaction names its chain": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹type === 0 && items.length === 6›) {",
    instead: "false",
  },
  "a transaction is of type 0, 1 or 2": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹type !== 0 && type !== 1 && type !== 2›) {",
    instead: "false",
  },
  "a text is signed once, at no cost": {
    file: `${EVM}/attestation.ts`,
    find: 'if (‹rungs.length !== 1 || rungs[0]?.feeUnits !== "0" || cancel !== undefined›)',
    instead: "false",
  },
  "a text to sign is one plain line": {
    file: `${EVM}/attestation.ts`,
    find: "if (‹!isAttestation(bytes) || !isSignableMessage(message) || toHex(packed(message)) !== toHex(bytes)›)",
    instead: "false",
  },
  "a transaction has a destination": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹bytes.length === 0›) {",
    instead: "false",
  },
  "what a transaction costs fits in a word": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹transaction.gasLimit * feePerGas(transaction) + transaction.value >= 2n ** 256n›)",
    instead: "false",
  },
  "a priority fee is not above the fee": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹transaction.type === 2 && transaction.maxPriorityFeePerGas > transaction.maxFeePerGas›) {",
    instead: "false",
  },
  "what was read of a transaction is written as it was": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹!equalBytes(written, bytes)›) throw",
    instead: "false",
  },
  "a transaction has a size that nodes take": {
    file: `${EVM}/transaction.ts`,
    find: "if (‹bytes.length > bytesMax›)",
    instead: "false",
  },
  "nothing stands behind the end of RLP": {
    file: `${EVM}/rlp.ts`,
    find: "if (‹end !== bytes.length›) throw",
    instead: "false",
  },
  "a byte below 0x80 has no length": {
    file: `${EVM}/rlp.ts`,
    find: "if (‹length === 1 && (bytes[from] as number) < 0x80›)",
    instead: "false",
  },
  "a short length is not spelt the long way": {
    file: `${EVM}/rlp.ts`,
    find: "if (‹length <= 55›) throw",
    instead: "false",
  },
  "RLP has no more items than a transaction": {
    file: `${EVM}/rlp.ts`,
    find: "if (‹reading.items > ITEMS_MAX›) throw",
    instead: "false",
  },
  "lists are no deeper than a transaction's": {
    file: `${EVM}/rlp.ts`,
    find: "if (‹depth >= DEPTH_MAX›) throw",
    instead: "false",
  },
  "a number has no leading zero": {
    file: `${EVM}/quantity.ts`,
    find: "if (‹item[0] === 0›) throw",
    instead: "false",
  },
  "of two signatures the lower one is taken": {
    file: `${EVM}/signature.ts`,
    find: "if (‹s > ORDER / 2n›) throw",
    instead: "false",
  },
  "gas is as much as a transaction may have": {
    file: `${EVM}/plan-attempts.ts`,
    find: "if (‹gasLimit < GAS_MIN || gasLimit > GAS_MAX›) {",
    instead: "false",
  },
  "a plan's transaction has no access list": {
    file: `${EVM}/plan-attempts.ts`,
    find: "if (‹transaction.type === 0 || transaction.accessList.length === 0›) return;",
    instead: "true",
  },
  "a permission to move tokens is refused by name": {
    file: `${EVM}/erc20.ts`,
    find: "if (‹signature === undefined›) return;",
    instead: "true",
  },
  "a token's call is a transfer": {
    file: `${EVM}/erc20.ts`,
    find: "if (‹!calls(data, TRANSFER)›) throw",
    instead: "false",
  },
  "a call is of the function that it is read as": {
    file: `${EVM}/abi.ts`,
    find: "if (‹!calls(data, called)›) throw",
    instead: "false",
  },
  "what was read of a call is written as it was": {
    file: `${EVM}/abi.ts`,
    find: "if (‹!equalBytes(encodeCall(called, values), data)›) {",
    instead: "false",
  },
  "an address fills its word with zeros": {
    file: `${EVM}/abi.ts`,
    find: "if (‹number >> 160n !== 0n›) throw",
    instead: "false",
  },
  "an account calls listed tokens alone, without coins": {
    file: `${EVM}/account-effects.ts`,
    find: "if (‹(token === undefined && data.length > 0) || (token !== undefined && value > 0n)›)",
    instead: "false",
  },
  "a token is the contract that the policy lists": {
    file: `${EVM}/account-effects.ts`,
    find: "const token = ‹tokenAt(to, tokens)›;",
    instead: "tokens[0]",
  },
  "a payment has somebody's key behind it": {
    file: `${EVM}/account-effects.ts`,
    find: "if (‹to === ZERO_ADDRESS›) throw",
    instead: "false",
  },
  "a Safe delegates to its pinned contract alone": {
    file: `${EVM}/safe-payments.ts`,
    find: "if (‹tx.to !== safe.multiSendCallOnly›) {",
    instead: "false",
  },
  "a delegate call carries no money": {
    file: `${EVM}/safe-payments.ts`,
    find: "if (‹tx.value !== 0n›)",
    instead: "false",
  },
  "a Safe's call without a token is none": {
    file: `${EVM}/safe-payments.ts`,
    find: "if (‹data.length > 0›) throw",
    instead: "false",
  },
  "a batch holds no delegate call": {
    file: `${EVM}/multi-send.ts`,
    find: "if (‹head[0] === 1›) throw",
    instead: "false",
  },
  "a call of a batch is a plain one": {
    file: `${EVM}/multi-send.ts`,
    find: "if (‹head[0] !== 0›) throw",
    instead: "false",
  },
  "a batch holds no batch": {
    file: `${EVM}/multi-send.ts`,
    find: "if (‹isMultiSend(data)›) throw",
    instead: "false",
  },
  "a payment calls no control of a Safe": {
    file: `${EVM}/safe-control.ts`,
    find: "if (‹signature === undefined && to !== address›) return;",
    instead: "true",
  },
  "a Safe refunds nobody": {
    file: `${EVM}/safe.ts`,
    find: "if (‹name === undefined›) return;",
    instead: "true",
  },
  "typed data is of a Safe's type": {
    file: `${EVM}/safe.ts`,
    find: 'if (‹encodedType !== encodeType(TYPES, "SafeTx")›) {',
    instead: "false",
  },
  "typed data has a Safe's domain and no more": {
    file: `${EVM}/safe.ts`,
    find: "if (‹!equalBytes(separator, safeDomainSeparator(safe))›) {",
    instead: "false",
  },
  "typed data is for the Safe's chain": {
    file: `${EVM}/typed-data.ts`,
    find: 'if (‹domain.chainId === undefined || !sameMember("chainId", domain.chainId, chainId)›) {',
    instead: "false",
  },
  "typed data is for the Safe": {
    file: `${EVM}/typed-data.ts`,
    find: 'if (\n    ‹domain.verifyingContract === undefined ||\n    !sameMember("verifyingContract", domain.verifyingContract, contract)›\n  ) {',
    instead: "false",
  },
  "typed data has no field that its type lacks": {
    file: `${EVM}/typed-data-values.ts`,
    find: "if (‹stray !== undefined›) {",
    instead: "false",
  },
  "a Safe's signature is an owner's over this transaction": {
    file: `${EVM}/safe-partial.ts`,
    find: "if (‹input === 0 && owner !== undefined && signer === owner.address›) return;",
    instead: "true",
  },
  "a row is for one asset": {
    file: "src/core/policy/evaluate.ts",
    find: "‹row.asset === asset› &&",
    instead: "true",
  },
  "a contract is listed once": {
    file: "src/core/policy/problems/tokens.ts",
    find: "if (‹other !== undefined›) yield",
    instead: "false",
  },
  "a token that is asked for is listed": {
    file: "src/withdrawals/intake/fields.ts",
    find: "if (‹feeAsset(asset) === asset || tokens.includes(asset)›) return asset;",
    instead: "true",
  },
} as const satisfies Readonly<Record<string, Check>>;
