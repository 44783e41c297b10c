/** Paths of ERC-7730: `#.order.token`, `recipients.[0]`, `details.[]`, `path.[0:20]`, `@.to`. */
import type { Atom } from "./arguments.ts";
import { malformed } from "./errors.ts";

/** What surrounds the data: a transaction, or the domain of typed data. */
export type Container = {
  readonly to: string;
  readonly chainId: bigint;
  readonly value: bigint;
  readonly from: string | undefined;
};

const STEP = /^(?:[A-Za-z_$][A-Za-z0-9_$]*|\[(?:-?[0-9]{1,6})?\]|\[-?[0-9]{0,6}:-?[0-9]{0,6}\])$/;
const SLICE = /^\[(-?[0-9]*):(-?[0-9]*)\]$/;

/** The values that a path names, in their order. @param within of the group that it stands in @throws ERC7730_MALFORMED */
export function valuesAt(
  path: string,
  within: readonly string[],
  atoms: readonly Atom[],
  container: Container,
): readonly Atom[] {
  if (path.startsWith("@.")) return [containerValue(path, container)];
  if (path.startsWith("$."))
    throw malformed("path", "points into the descriptor, where a value of the data belongs");
  const steps = path.startsWith("#.") ? stepsOf(path.slice(2)) : [...within, ...stepsOf(path)];
  return follow(steps, [], atoms);
}

/** What a group's path stands for: itself, or each item of the list that it names. */
export function placesOf(
  path: string | undefined,
  within: readonly string[],
  atoms: readonly Atom[],
): readonly (readonly string[])[] {
  if (path === undefined) return [within];
  const steps = path.startsWith("#.") ? stepsOf(path.slice(2)) : [...within, ...stepsOf(path)];
  return expand(steps, [], atoms);
}

// Of `recipients[0]` too, which the standard's own examples write for `recipients.[0]`.
function stepsOf(path: string): readonly string[] {
  const steps = path.replaceAll(/([^.])\[/g, "$1.[").split(".");
  const odd = steps.find((step) => !STEP.test(step));
  if (odd !== undefined) throw malformed("path", "is no path of ERC-7730");
  return steps;
}

function follow(steps: readonly string[], done: readonly string[], atoms: readonly Atom[]): readonly Atom[] {
  const slice = SLICE.exec(steps.at(-1) ?? "");
  const plain = slice === null ? steps : steps.slice(0, -1);
  const found = expand(plain, done, atoms).flatMap((place) => atoms.filter((atom) => isAt(atom.path, place)));
  if (slice === null) return found;
  const [, from = "", to = ""] = slice;
  return found.map((atom) => sliced(atom, from, to));
}

function expand(
  steps: readonly string[],
  done: readonly string[],
  atoms: readonly Atom[],
): readonly (readonly string[])[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [done];
  if (!step.startsWith("[") || SLICE.test(step)) return expand(rest, [...done, step], atoms);
  const count = lengthAt(done, atoms);
  const named = step.slice(1, -1);
  if (named === "")
    return Array.from({ length: count }, (_, at) => expand(rest, [...done, `[${at}]`], atoms)).flat();
  const at = Number(named) < 0 ? count + Number(named) : Number(named);
  return expand(rest, [...done, `[${at}]`], atoms);
}

function lengthAt(done: readonly string[], atoms: readonly Atom[]): number {
  const items = atoms.flatMap(({ path }) =>
    path.length > done.length && isAt(path.slice(0, done.length), done) ? [path[done.length] ?? ""] : [],
  );
  return new Set(items.filter((item) => item.startsWith("["))).size;
}

function sliced(atom: Atom, from: string, to: string): Atom {
  if (!atom.text.startsWith("0x")) throw malformed("path", "takes a part of what is no bytes");
  const hex = atom.text.slice(2);
  const length = hex.length / 2;
  const place = (text: string, otherwise: number) => {
    const number = text === "" ? otherwise : Number(text);
    return 2 * Math.min(Math.max(number < 0 ? length + number : number, 0), length);
  };
  return { ...atom, text: `0x${hex.slice(place(from, 0), place(to, length))}` };
}

const isAt = (path: readonly string[], wanted: readonly string[]) =>
  path.length === wanted.length && path.every((step, place) => step === wanted[place]);

function containerValue(path: string, { to, chainId, value, from }: Container): Atom {
  const values: Readonly<Record<string, readonly [type: string, text: string | undefined]>> = {
    "@.to": ["address", to],
    "@.from": ["address", from],
    "@.value": ["uint256", value.toString()],
    "@.chainId": ["uint256", chainId.toString()],
  };
  const [type, text] = values[path] ?? [];
  if (type === undefined) throw malformed("path", "names nothing that surrounds the data");
  return { path: [path], type, text: text ?? "unknown" };
}
