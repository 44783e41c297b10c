import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpolate } from "../../../../../signer/keystore/slip39/field.ts";
import { GROUPS_MALFORMED, parseGroups, type Groups } from "../../../../../signer/keystore/slip39/groups.ts";
import { progressOf, recoverMaster } from "../../../../../signer/keystore/slip39/recover.ts";
import { recoverSecret, splitSecret } from "../../../../../signer/keystore/slip39/shamir.ts";
import { decodeShare, encodeShare, type Share } from "../../../../../signer/keystore/slip39/share.ts";
import { splitMaster } from "../../../../../signer/keystore/slip39/split.ts";
import { toHex, utf8 } from "../../../../../src/core/hex.ts";
import { fixtureBytes } from "../../../../factory/identities.ts";
import { codeOf } from "../../../../factory/thrown.ts";

const NONE = new Uint8Array();

/** A deterministic source of bytes, another one for each seed. */
function generator(seed: number): (length: number) => Uint8Array {
  let drawn = 0;
  return (length) => {
    const bytes = Uint8Array.from(
      { length },
      (_, index) => fixtureBytes(`${seed} ${drawn} ${index >> 5}`)[index & 31] ?? 0,
    );
    drawn += 1;
    return bytes;
  };
}

const group = fc
  .tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }))
  .map(([a, b]) => ({ needed: Math.min(a, b), count: Math.max(a, b) }))
  .map((members) => (members.needed === 1 ? { needed: 1, count: 1 } : members));
const groups: fc.Arbitrary<Groups> = fc
  .tuple(fc.array(group, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 5 }))
  .map(([list, needed]) => ({ needed: Math.min(needed, list.length), groups: list }));
const master = fc
  .integer({ min: 8, max: 32 })
  .chain((half) => fc.uint8Array({ minLength: half * 2, maxLength: half * 2 }));

/** Exactly enough of `dealt`, chosen by `picks`, in a shuffled order. */
function enough(dealt: readonly (readonly Share[])[], shape: Groups, picks: () => number): Share[] {
  const choose = <T>(from: readonly T[], count: number): T[] => {
    const left = [...from];
    return Array.from({ length: count }, () => left.splice(picks() % left.length, 1)).flat();
  };
  const chosen = choose(dealt, shape.needed).flatMap((members) =>
    choose(members, members[0]?.membersNeeded ?? 0),
  );
  return choose(chosen, chosen.length);
}

function picker(seed: number): () => number {
  const random = generator(seed);
  return () => random(1)[0] ?? 0;
}

describe("SLIP-39 sharing", () => {
  test("any sufficient set of any shape recovers; any set with one share less does not", () => {
    fc.assert(
      fc.property(master, groups, fc.nat(), (secret, shape, seed) => {
        const dealt = splitMaster(secret, shape, NONE, generator(seed));
        expect(dealt.map((members) => members.length)).toEqual(shape.groups.map(({ count }) => count));
        const chosen = enough(dealt, shape, picker(seed)).map((share) => decodeShare(encodeShare(share)));
        expect(progressOf(chosen).complete).toBe(true);
        expect(toHex(recoverMaster(chosen, NONE))).toBe(toHex(secret));
        expect(codeOf(() => recoverMaster(chosen.slice(1), NONE))).toBe("SHARES_TOO_FEW");
      }),
      { numRuns: 12 },
    );
  });

  test("one point less than the threshold lies on a polynomial of another secret", () => {
    const secret = fixtureBytes("secret");
    const points = splitSecret({ needed: 3, count: 5 }, secret, generator(1));
    expect(toHex(interpolate(points.slice(0, 3), 255))).toBe(toHex(secret));
    expect(toHex(interpolate(points.slice(0, 2), 255))).not.toBe(toHex(secret));
  });

  test("one changed point is found by the digest", () => {
    const [first, second] = splitSecret({ needed: 2, count: 3 }, fixtureBytes("secret"), generator(3));
    const changed = Uint8Array.from(second?.y ?? []);
    changed[7] = (changed[7] ?? 0) ^ 1;
    const points = [first ?? { x: 0, y: NONE }, { x: 1, y: changed }];
    expect(codeOf(() => recoverSecret(2, points))).toBe("SHARES_DIGEST_WRONG");
    expect(toHex(recoverSecret(2, [points[0] ?? { x: 0, y: NONE }, second ?? { x: 1, y: NONE }]))).toBe(
      toHex(fixtureBytes("secret")),
    );
  });

  test("a secret in a Buffer, whose slices are views, stays as it is", () => {
    const secret = Buffer.from(fixtureBytes("secret"));
    const dealt = splitMaster(secret, parseGroups("1of1", undefined), NONE, generator(7)).flat();
    expect(toHex(secret)).toBe(toHex(fixtureBytes("secret")));
    expect(toHex(recoverMaster(dealt, NONE))).toBe(toHex(secret));
  });

  test("another passphrase gives another secret and no error (attack B8)", () => {
    const secret = fixtureBytes("secret");
    const dealt = splitMaster(secret, parseGroups("2of3", undefined), utf8("right"), generator(4)).flat();
    expect(toHex(recoverMaster(dealt.slice(0, 2), utf8("right")))).toBe(toHex(secret));
    expect(toHex(recoverMaster(dealt.slice(1), utf8("wrong")))).not.toBe(toHex(secret));
  });

  test("shares of two splits, a share twice, and one too many are refused", () => {
    const shape = parseGroups("2of3", undefined);
    const [a, b, c] = splitMaster(fixtureBytes("s"), shape, NONE, generator(5)).flat() as [
      Share,
      Share,
      Share,
    ];
    const [other] = splitMaster(fixtureBytes("s"), shape, NONE, generator(6)).flat() as [Share];
    expect(codeOf(() => recoverMaster([a, other], NONE))).toBe("SHARES_MIXED");
    expect(codeOf(() => recoverMaster([a, a], NONE))).toBe("SHARE_REPEATED");
    expect(codeOf(() => recoverMaster([a, b, c], NONE))).toBe("SHARES_TOO_MANY");
    expect(codeOf(() => recoverMaster([], NONE))).toBe("SHARES_TOO_FEW");
    expect(toHex(recoverMaster([c, a], NONE))).toBe(toHex(fixtureBytes("s")));
  });
});

describe("SLIP-39 groups", () => {
  test("one group needs no count of groups; several do", () => {
    expect(parseGroups("2of3", undefined)).toEqual({ needed: 1, groups: [{ needed: 2, count: 3 }] });
    expect(parseGroups("1of1,2of3", 2).groups).toHaveLength(2);
    expect(codeOf(() => parseGroups("1of1,2of3", undefined))).toBe(GROUPS_MALFORMED.code);
  });

  test.each(["", "3of2", "0of1", "1of3", "2of17", "2 of 3", "2of3,", Array(17).fill("2of3").join()])(
    "%j is refused",
    (text) => {
      expect(codeOf(() => parseGroups(text, 1))).toBe(GROUPS_MALFORMED.code);
    },
  );

  test.each([0, 3, 1.5])("%d of two groups is refused", (needed) => {
    expect(codeOf(() => parseGroups("2of3,3of5", needed))).toBe(GROUPS_MALFORMED.code);
  });
});
