import type { Check } from "./check.ts";

const BITCOIN = "src/chains/bitcoin";

/** Checks of the bitcoin codec. */
export const OF_BITCOIN = {
  "previous transactions are named by the hash of their bytes": {
    file: `${BITCOIN}/plan-attempts.ts`,
    find: "‹previousIds(previous)›.forEach((txid, i) => {",
    instead: "inputs.map((input) => input.txid)",
  },
  "a whole PSBT's previous transaction is the one that is spent": {
    file: `${BITCOIN}/owned-inputs.ts`,
    find: "const names = ‹previousTransaction === undefined || transactionId(previousTransaction) === input.txid›;",
    instead: "true",
  },
  "an amount is what the previous transaction says": {
    file: `${BITCOIN}/owned-inputs.ts`,
    find: "‹previousOutput !== undefined &&\n    (previousOutput.units !== output.units || !equalBytes(previousOutput.script, output.script))›\n  ) {",
    instead: "false",
  },
  "a previous transaction carries no witnesses": {
    file: `${BITCOIN}/plan-attempts.ts`,
    find: "if (‹transaction.inputs.some(({ witness }) => witness.length > 0)›) {",
    instead: "false",
  },
  "fields that have no meaning are refused": {
    file: `${BITCOIN}/allowed-fields.ts`,
    find: "if (‹allowed[kind].includes(field.type)›) continue;",
    instead: "true",
  },
  "a claimed key makes the very script": {
    file: `${BITCOIN}/proven-key.ts`,
    find: "if (key === undefined || ‹!equalBytes(key.script, script)›) return undefined;",
    instead: "false",
  },
  "every key of the wallet is claimed": {
    file: `${BITCOIN}/proven-key.ts`,
    find: "return ‹all› ? key : undefined;",
    instead: "true",
  },
  "change lies within the gap": {
    file: `${BITCOIN}/outputs.ts`,
    find: "if (‹index > indexMax›) {",
    instead: "false",
  },
  "a cancel rung goes to an index within the gap": {
    file: `${BITCOIN}/plan-attempts.ts`,
    find: "if (‹changeIndex > Math.min(indexMax, LIMITS.addressIndexMax)›) {",
    instead: "false",
  },
  "change lies on the change branch": {
    file: `${BITCOIN}/outputs.ts`,
    find: "if (‹branch !== 1›) {",
    instead: "false",
  },
  "there is one change output": {
    file: `${BITCOIN}/outputs.ts`,
    find: "if (‹change !== undefined›) {",
    instead: "false",
  },
  "the sighash type is the one that is signed": {
    file: `${BITCOIN}/owned-inputs.ts`,
    find: "if (‹type === undefined || type === signed›) return;",
    instead: "true",
  },
  "a coin is spent once": {
    file: `${BITCOIN}/owned-inputs.ts`,
    find: "if (‹first !== undefined›)\n      throw INPUT_DUPLICATE(",
    instead: "false",
  },
  "outputs are covered by inputs": {
    file: `${BITCOIN}/decode.ts`,
    find: "if (‹paid > spent›)\n    throw OUTPUTS_EXCEED_INPUTS(",
    instead: "false",
  },
  "a fee is not negative": {
    file: `${BITCOIN}/fee.ts`,
    find: "assert(‹units >= 0n && virtualSize > 0›,",
    instead: "true",
  },
  "an output pays something": {
    file: `${BITCOIN}/outputs.ts`,
    find: "if (‹units === 0n›)\n    throw OUTPUT_ZERO(",
    instead: "false",
  },
  "a fee below the relay rate is remarked on": {
    file: `${BITCOIN}/warnings.ts`,
    find: "if (‹fee.rateMilli < 1000n›) warnings.push(",
    instead: "false",
  },
  "a plan's cancel rung can replace it": {
    file: `${BITCOIN}/plan-attempts.ts`,
    find: "if (‹signalsReplacement(transaction)›) return;",
    instead: "true",
  },
  "the first rung's fee is the one that the plan states": {
    file: `${BITCOIN}/plan-attempts.ts`,
    find: "if (‹stated !== baseFee.toString()›) {",
    instead: "false",
  },
  "a claimed script is the descriptor's": {
    file: `${BITCOIN}/claimed-scripts.ts`,
    find: "if (claimed !== undefined && own !== undefined && ‹equalBytes(claimed, own)›) return;",
    instead: "true",
  },
  "a key stands in a map once": {
    file: `${BITCOIN}/psbt-codec.ts`,
    find: "if (‹keys.has(keyText)›) throw",
    instead: "false",
  },
  "nothing stands behind the end": {
    file: `${BITCOIN}/cursor.ts`,
    find: "if (‹!atEnd(cursor)›) throw",
    instead: "false",
  },
  "an amount is at most 21 million": {
    file: `${BITCOIN}/transaction.ts`,
    find: "if (‹units > MAX_MONEY›) throw",
    instead: "false",
  },
  "amounts add up to at most 21 million": {
    file: `${BITCOIN}/transaction.ts`,
    find: "if (‹total > MAX_MONEY›) throw",
    instead: "false",
  },
  "a transaction has as many inputs and outputs as are handled": {
    file: `${BITCOIN}/transaction.ts`,
    find: "if (‹inputs.length > LIMITS.transactionInputsMax || outputs.length > LIMITS.transactionOutputsMax›) {",
    instead: "false",
  },
  "a PSBT is copied before it is read": {
    file: `${BITCOIN}/decode.ts`,
    find: "parsePsbt(‹new Uint8Array(bytes)›)",
    instead: "bytes",
  },
  "a wallet's keys are of different people": {
    file: `${BITCOIN}/descriptor.ts`,
    find: "if (‹same === i›) return;",
    instead: "true",
  },
  "a path has its network's coin type": {
    file: `${BITCOIN}/key-expression.ts`,
    find: "if (‹path[1] === coinType + HARDENED›) return;",
    instead: "true",
  },
  "an output has an address": {
    file: `${BITCOIN}/outputs.ts`,
    find: "const address = ‹addressOfScript(script, network)›;",
    instead:
      'addressOfScript(script, network) ?? { address: "unknown", account: `unknown:unknown:unknown`, script, kind: "p2wpkh" }',
  },
  "lock times are said": {
    file: `${BITCOIN}/locks.ts`,
    find: "if (‹lockTime !== 0 && inputs.some(({ sequence }) => sequence !== SEQUENCE_FINAL)›)",
    instead: "false",
  },
  "relative locks are said": {
    file: `${BITCOIN}/locks.ts`,
    find: "if (‹longestBlocks > 0›) locks.push(",
    instead: "false",
  },
  "a message has no fee": {
    file: `${BITCOIN}/message-plan.ts`,
    find: 'if (‹rungs.length === 1 && rungs[0]?.feeUnits === "0" && cancel === undefined›) return;',
    instead: "true",
  },
  "a transaction is of version 1 or 2": {
    file: `${BITCOIN}/decode.ts`,
    find: "if (‹version !== 1 && version !== 2›) {",
    instead: "false",
  },
} as const satisfies Readonly<Record<string, Check>>;
