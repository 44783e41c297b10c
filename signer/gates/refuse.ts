import { CustodyError } from "../../src/core/errors.ts";
import { Refusal, type Gate } from "../../src/core/gate.ts";

/**
 * Runs `work`; a typed error in it becomes the gate's refusal under the error's own code. Anything else is a bug of
 * ours and stays one: it refuses too, but is never explained away.
 */
export function refusingAt<T>(gate: Gate, work: () => T): T {
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
    throw new Refusal(
      gate,
      error.code,
      error.message,
      context,
      error.exit === "invalid" ? "invalid" : "denied",
    );
  }
}
