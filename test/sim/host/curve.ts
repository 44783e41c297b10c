/**
 * Stands in for tiny-secp256k1 in both bundles of the simulator: the same curve, with a memory. World after world the same
 * few wallets derive the same addresses, and what is a function of its arguments alone is worked out once in a process.
 */
import * as curve from "tiny-secp256k1";

export * from "tiny-secp256k1";

/** Entries of one memory: a few worlds' worth. */
const KNOWN_MAX = 50_000;

type Argument = Uint8Array | number | boolean | undefined;

function remembering<Arguments extends readonly Argument[], Answer>(
  work: (...given: Arguments) => Answer,
): (...given: Arguments) => Answer {
  const known = new Map<string, Answer>();
  return (...given) => {
    const name = given.map(nameOf).join();
    let answer = known.get(name);
    if (answer === undefined) {
      answer = work(...given);
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(name, answer);
    }
    // Whoever wipes what it was given wipes its own.
    return answer instanceof Uint8Array ? (answer.slice() as Answer) : answer;
  };
}

const nameOf = (given: Argument) =>
  given instanceof Uint8Array
    ? `${given.length}:${Buffer.from(given.buffer, given.byteOffset, given.length).toString("latin1")}`
    : String(given);

export const pointAddScalar = remembering(curve.pointAddScalar);
export const pointFromScalar = remembering(curve.pointFromScalar);
export const isPoint = remembering(curve.isPoint);
export const sign = remembering(curve.sign);
export const verify = remembering(curve.verify);
