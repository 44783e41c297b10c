/** A closed ledger's header, proven by its hash. */
import { LEDGER_MALFORMED, readHeader, type LedgerHeader } from "../../chains/stellar/ledger.ts";
import { XDR_MALFORMED, XDR_TOO_DEEP } from "../../chains/stellar/xdr/cursor.ts";
import { declareError, isError, type CustodyError } from "../../core/errors.ts";
import { refusalCode, type Rpc } from "../bitcoind/rpc.ts";
import { malformedAnswer } from "../failure.ts";
import { healthAnswer, latestAnswer, ledgersAnswer } from "./answers.ts";

export type StellarRpc = Rpc<Readonly<Record<string, unknown>>>;

export const LEDGER_GONE = declareError(
  "STELLAR_LEDGER_GONE",
  "network",
  "A ledger is asked for that an endpoint does not keep any more, or never had.",
);

/** JSON-RPC: the request is not one that can be served; endpoints say so of ledgers that they do not have. */
const INVALID_REQUEST = -32600;

/** @throws NODE_ANSWER_MALFORMED where the newest ledger is one that the endpoint does not give */
export async function readTip(rpc: StellarRpc): Promise<LedgerHeader> {
  const { sequence } = await rpc.read("getLatestLedger", {}, latestAnswer);
  const header = await readHeaderAt(rpc, sequence);
  if (header === undefined) throw malformedAnswer("getLatestLedger", `ledger ${sequence} is not to be had`);
  return header;
}

/** @returns undefined above the newest ledger @throws STELLAR_LEDGER_GONE below the oldest one that the endpoint keeps */
export async function readHeaderAt(rpc: StellarRpc, height: number): Promise<LedgerHeader | undefined> {
  try {
    const params = { startLedger: height, pagination: { limit: 1 } };
    const { ledgers } = await rpc.read("getLedgers", params, ledgersAnswer);
    const [ledger] = ledgers;
    if (ledger === undefined) return undefined;
    const header = checked("getLedgers", () => readHeader(ledger.headerXdr));
    if (header.height !== height || header.hash !== ledger.hash)
      throw malformedAnswer("getLedgers", `ledger ${height} was asked for, and ${header.height} given`);
    return header;
  } catch (error) {
    if (refusalCode(error) !== INVALID_REQUEST) throw error;
    const { latestLedger, oldestLedger } = await rpc.read("getHealth", {}, healthAnswer);
    if (height > latestLedger) return undefined;
    throw height < oldestLedger ? gone(height, oldestLedger) : error;
  }
}

function gone(height: number, oldest: number): CustodyError {
  return LEDGER_GONE(`ledger ${height} is asked for, and the endpoint keeps those from ${oldest} on`, {
    field: "stellar-url",
    hint: "name an endpoint that keeps ledgers for longer, until this home has caught up",
    details: { height, oldest },
  });
}

/** What a reader of ours says of bytes is said of the endpoint that gave them. @throws NODE_ANSWER_MALFORMED */
export function checked<T>(method: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isError(error, XDR_MALFORMED, XDR_TOO_DEEP, LEDGER_MALFORMED))
      throw malformedAnswer(method, error.message);
    throw error;
  }
}
