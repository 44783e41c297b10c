import { CustodyError } from "../../src/core/errors.ts";

/** The code of the typed error that `act` throws; anything else that is thrown is thrown on, and nothing is "none". */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
  return "none";
}

/** The typed error that `act` throws. */
export function caught(act: () => unknown): CustodyError {
  try {
    act();
  } catch (error) {
    if (error instanceof CustodyError) return error;
    throw error;
  }
  throw new TypeError("nothing was thrown");
}

/** `codeOf` of a promise. */
export async function codeOfAsync(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
  return "none";
}
