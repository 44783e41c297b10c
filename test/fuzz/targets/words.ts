/** What people type from paper: SLIP-39 shares, BIP-39 words, dice and coins, groups. */
import { checksumOf, CHECKSUM_WORDS } from "../../../signer/keystore/slip39/checksum.ts";
import { parseGroups } from "../../../signer/keystore/slip39/groups.ts";
import { recoverMaster } from "../../../signer/keystore/slip39/recover.ts";
import { decodeShare, encodeShare, isWholeShare, type Share } from "../../../signer/keystore/slip39/share.ts";
import { splitMaster } from "../../../signer/keystore/slip39/split.ts";
import { SLIP39_WORDS } from "../../../signer/keystore/slip39/wordlist.ts";
import { assertFair, COINS, DICE, readSymbols } from "../../../signer/keystore/hand-entropy.ts";
import { BIP39_WORDS, entropyOf, wordsOf } from "../../../signer/keystore/seed.ts";
import { utf8 } from "../../../src/core/hex.ts";
import type { Random } from "../../attack/bench/random.ts";
import { fixtureBytes } from "../../factory/identities.ts";
import { noise } from "../../factory/noise.ts";
import { either, mutateInside } from "../mutate-bytes.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Mutate, type Target } from "../target.ts";

const NONE = new Uint8Array();

function split(length: number, label: string): readonly (readonly Share[])[] {
  let drawn = 0;
  const random = (count: number) => noise(count, `${label} ${drawn++}`);
  const groups = [
    { needed: 2, count: 3 },
    { needed: 1, count: 1 },
    { needed: 3, count: 5 },
  ];
  return splitMaster(noise(length, label), { needed: 2, groups }, NONE, random);
}

const SPLITS = once(() => [
  ...[16, 32, 64].flatMap((length) =>
    split(length, `share of ${length}`).flatMap((members) =>
      members.map((share) => utf8(encodeShare(share))),
    ),
  ),
]);

const indexesOf = (text: string): number[] =>
  text.split(/\s+/).map((word) => Math.max(0, SLIP39_WORDS.indexOf(word)));

/** Other words, under a checksum that fits the flag in them. */
const otherWords: Mutate = (random, sample) => {
  const indexes = indexesOf(textOf(sample)).slice(0, -CHECKSUM_WORDS);
  for (let edits = 1 + random.below(4); edits > 0; edits--)
    indexes[random.below(random.chance(50) ? 4 : indexes.length)] = random.below(1024);
  if (random.chance(15)) indexes.splice(random.below(indexes.length), 1 + random.below(7));
  const extendable = (((indexes[1] ?? 0) >> 4) & 1) === 1;
  const checksum = checksumOf(indexes, extendable ? "shamir_extendable" : "shamir");
  return utf8([...indexes, ...checksum].map((index) => SLIP39_WORDS[index] ?? "").join(" "));
};

const share: Target = {
  name: "slip39-share",
  samples: SPLITS,
  mutate: either(mutateText, otherWords, otherWords),
  decode: (input) => {
    const text = textOf(input);
    const words = encodeShare(decodeShare(text));
    promised(words === text.trim().toLowerCase().split(/\s+/).join(" "), "a share is written otherwise");
    promised(isWholeShare(words.split(" ")), "a share that is read is no whole one");
    return undefined;
  },
  cases: 3000,
};

/** Sheets of a split, one a line: exactly enough of them, and then too few, too many, twice or of another split. */
const sheets = once(() => {
  const dealt = split(16, "sheets");
  const [two, one] = dealt as readonly [readonly Share[], readonly Share[]];
  const enough = [...two.slice(0, 2), ...one].map(encodeShare);
  const other = split(16, "other").flat().slice(1, 4).map(encodeShare);
  return [enough, other].map((lines) => utf8(lines.join("\n")));
});

const mutateSheets: Mutate = (random, sample, samples) => {
  const lines = textOf(sample).split("\n");
  const index = random.below(lines.length);
  const others = textOf(random.of(samples)).split("\n");
  switch (random.below(5)) {
    case 0:
      return utf8(lines.filter((_, i) => i !== index).join("\n"));
    case 1:
      return utf8([...lines, random.of(others)].join("\n"));
    case 2:
      return utf8(lines.with(index, random.of(others)).join("\n"));
    default:
      return utf8(
        lines
          .map((line, i) => (i === index ? textOf(otherWords(random, utf8(line), samples)) : line))
          .join("\n"),
      );
  }
};

const recover: Target = {
  name: "slip39-recover",
  samples: once(() => sheets().slice(0, 1)),
  mutate: (random, sample) => mutateSheets(random, sample, sheets()),
  decode: (input) => {
    const shares = textOf(input).split("\n").map(decodeShare);
    // An exponent of 15 takes minutes by the standard's own words; what is sought here is what the sharing does.
    const quick = shares.map((one) => ({ ...one, iterationExponent: 0 }));
    const master = recoverMaster(quick, NONE);
    promised(master.length >= 16 && master.length % 2 === 0, "a master secret of no possible length");
    return undefined;
  },
  cases: 800,
};

const anyWords: Mutate = (random: Random) =>
  utf8(
    Array.from({ length: random.of([1, 11, 12, 13, 15, 18, 24, 25]) }, () => random.of(BIP39_WORDS)).join(
      " ",
    ),
  );

const bip39: Target = {
  name: "bip39-words",
  samples: once(() => [16, 32].map((length) => utf8(wordsOf(fixtureBytes("words").subarray(0, length))))),
  mutate: either(mutateText, mutateText, anyWords),
  decode: (input) => {
    const text = textOf(input);
    promised(
      wordsOf(entropyOf(text)) === text.normalize("NFKD").trim().toLowerCase().split(/\s+/).join(" "),
      "words are written otherwise",
    );
    return undefined;
  },
  cases: 4000,
};

const handEntropy: Target = {
  name: "dice-and-coins",
  samples: once(() => [
    utf8(Array.from(noise(120, "dice 1"), (byte) => 1 + (byte % 6)).join("")),
    utf8(Array.from(noise(300, "coins"), (byte) => (byte % 2 === 0 ? "h" : "t")).join("")),
  ]),
  mutate: mutateText,
  decode: (input) => {
    const source = /[ht]/i.test(textOf(input)) ? COINS : DICE;
    const symbols = readSymbols(source, textOf(input));
    promised(/^[1-6]*$/.test(symbols) || /^[01]*$/.test(symbols), "other symbols than rolls or flips");
    assertFair(source, symbols);
    return undefined;
  },
  cases: 1500,
};

const groups: Target = {
  name: "slip39-groups",
  samples: once(() => ["2of3", "1of1,2of3,3of5"].map(utf8)),
  mutate: mutateInside(
    mutateText,
    (sample) => sample,
    (text) => text.subarray(0, 4096),
  ),
  decode: (input) => {
    const text = textOf(input);
    const read = parseGroups(text, text.includes(",") ? 1 : undefined);
    promised(
      utf8(read.groups.map(({ needed, count }) => `${needed}of${count}`).join(",")).length <= input.length,
      "groups that nobody named",
    );
    return undefined;
  },
  cases: 3000,
};

export const WORD_TARGETS: readonly Target[] = [share, recover, bip39, handEntropy, groups];
