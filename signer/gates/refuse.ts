import { CustodyError } from "../../src/core/errors.ts";
import { Refusal, type Gate } from "../../src/core/gate.ts";

/**
 * Runs `work`; a typed error in it becomes the gate's refusal under the error's own code. Anything else is a bug of
 * ours and stays one: it refuses too, but is never explained away.
 */
export function refusingAt<T>(gate: Gate, work: () => T): T {
  return refusing(() => gate, work);
}

/** The same for a chain's decoder: it cannot read the bytes (G5), or it has read what nobody shall sign (G8). */
export function refusingDecode<T>(work: () => T): T {
  return refusing(({ exit }) => (exit === "invalid" ? "G5" : "G8"), work);
}

function refusing<T>(gateOf: (error: CustodyError) => Gate, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CustodyError) || error instanceof Refusal) throw error;
    const context = {
      ...(error.field === undefined ? {} : { field: error.field }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: error.details,
      cause: error,
    };
    const exit = error.exit === "invalid" ? "invalid" : "denied";
    throw new Refusal(gateOf(error), error.code, error.message, context, exit);
  }
}
