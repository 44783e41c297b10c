import { describe, expect, test } from "vitest";
import { FragmentSolver } from "../../../src/airgap/fragment-solver.ts";

const A = Uint8Array.of(1, 2, 3, 4, 5);
const B = Uint8Array.of(16, 32, 48, 64, 80);
const C = Uint8Array.of(7, 0, 0, 0, 255);
const xor = (...parts: Uint8Array[]) =>
  Uint8Array.from(A, (_, index) => parts.reduce((sum, part) => sum ^ (part[index] ?? 0), 0));
const at = (...indexes: number[]) => Uint16Array.from(indexes);

describe("equations over three fragments", () => {
  test("are solved from mixtures alone, in any order", () => {
    const solver = new FragmentSolver(3, 5);
    expect(solver.add(at(0, 1, 2), xor(A, B, C))).toBe("new");
    expect(solver.add(at(2, 1), xor(B, C))).toBe("new");
    expect(solver.add(at(0), A)).toBe("known");
    expect(solver.rank).toBe(2);
    expect(solver.add(at(0, 2), xor(A, C))).toBe("new");
    expect(solver.rank).toBe(3);
    expect(solver.solve(13)).toEqual(Uint8Array.from([...A, ...B, ...C.subarray(0, 3)]));
  });

  test("contradict each other when one of them is false, be it by one bit", () => {
    const solver = new FragmentSolver(3, 5);
    expect(solver.add(at(0, 1), xor(A, B))).toBe("new");
    expect(solver.add(at(1), B)).toBe("new");
    expect(solver.add(at(0), A)).toBe("known");
    expect(solver.add(at(0), xor(A, Uint8Array.of(0, 0, 0, 0, 1)))).toBe("contradiction");
    expect(solver.rank).toBe(2);
  });
});

test("fragments beyond the first word of the mask", () => {
  const count = 100;
  const fragments = Array.from({ length: count }, (_, index) => Uint8Array.of(index, 255 - index, 3));
  const solver = new FragmentSolver(count, 3);
  for (let index = 0; index < count; index++) {
    const next = fragments[index + 1];
    const own = fragments[index] ?? new Uint8Array();
    const outcome =
      next === undefined
        ? solver.add(at(index), own)
        : solver.add(
            at(index, index + 1),
            Uint8Array.from(own, (byte, i) => byte ^ (next[i] ?? 0)),
          );
    expect(outcome).toBe("new");
  }
  expect(solver.solve(3 * count)).toEqual(Uint8Array.from(fragments.flatMap((each) => [...each])));
});
