/** A function of its arguments alone, with a memory: asked again, it gives what it gave before. */

/** Entries of one memory: a few worlds' worth, or a few test files'. */
const KNOWN_MAX = 50_000;

type Argument = Uint8Array | number | boolean | string | undefined | Readonly<Record<string, unknown>>;

/** @param work must depend on nothing but what it is given, to the last byte */
export function remembering<Arguments extends readonly Argument[], Answer>(
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
    return answer instanceof Uint8Array ? (copyOf(answer) as Answer) : answer;
  };
}

const copyOf = (bytes: Uint8Array) => (Buffer.isBuffer(bytes) ? Buffer.from(bytes) : bytes.slice());

/** Two lists of arguments have one name only if they are equal: each part says its length or its type first. */
function nameOf(given: Argument): string {
  if (given instanceof Uint8Array)
    return `${given.length}:${Buffer.from(given.buffer, given.byteOffset, given.length).toString("latin1")}`;
  if (typeof given === "string") return `text ${given.length}:${given}`;
  if (typeof given !== "object") return String(given);
  return `{${Object.entries(given)
    .map(([name, value]) => `${name}=${nameOf(value as Argument)}`)
    .join()}}`;
}
