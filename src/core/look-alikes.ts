/**
 * Letters that pass for others (attack T5: a name that reads as one that people know). The rules are those of UTS #39,
 * "Unicode Security Mechanisms", for words: §5.2 at the level "highly restrictive" (one script, or Latin beside Chinese,
 * Japanese or Korean), §4.1 whole-script confusables with ASCII, §5.3 mixed numbers, §5.4 floods of marks.
 */

/** UAX #31, table 5: scripts in everyday use. Letters of all others (Cherokee, Lisu, Coptic …) are always written out. */
const RECOMMENDED = [
  ...["Arab", "Armn", "Beng", "Cyrl", "Deva", "Ethi", "Geor", "Grek", "Gujr", "Guru", "Hebr", "Knda", "Khmr"],
  ...["Laoo", "Mlym", "Mymr", "Orya", "Sinh", "Taml", "Telu", "Thaa", "Thai", "Tibt"],
];
/** Scripts that one word may hold beside Latin letters. */
const WITH_LATIN = [
  ["Hani", "Hira", "Kana"],
  ["Hani", "Bopo"],
  ["Hani", "Hang"],
];

const scripts = (...names: readonly string[]) => names.map((name) => `\\p{scx=${name}}`).join("");
const wholly = (...names: readonly string[]) => `[${scripts("Zyyy", "Zinh", ...names)}]+`;

const KNOWN = scripts("Latn", "Zyyy", "Zinh", ...RECOMMENDED, ...WITH_LATIN.flat());
const WRITINGS = [
  ...RECOMMENDED.map((name) => wholly(name)),
  ...WITH_LATIN.map((names) => wholly("Latn", ...names)),
];

/**
 * Never met in names, always like something else: fullwidth and mathematical letters, ligatures and roman numerals (their
 * compatibility form is ASCII: found by NFKC), small capitals and phonetic letters, spaces that are not U+0020 (a name
 * with ideographic ones reads as a table), and signs that read as the point, hyphen, minus, colon, slash or comma of a
 * number or reference (the dashes and dots of prose stay). The superscripts of Latin-1 are in daily use.
 */
const PHONETIC = "\\u0251\\u0261\\u0262\\u0269\\u026A\\u028B\\u028F\\u0299\\u029C\\u029F\\u1D00-\\u1D25";
const STRANGE = `${PHONETIC}\\u01A8\\u01BD\\u01BF\\u01C0\\u01C3\\uA730\\uA731`;
const SIGNS =
  "\\u02D0\\u02D7\\u2010\\u2011\\u201A\\u2024\\u2025\\u2044\\u2212\\u2215\\u2236\\uA789\\uFE10-\\uFE19\\uFE30-\\uFE6F";
const COMPATIBLE =
  "\\u017F\\u02B0-\\u02B8\\u1D2C-\\u1D6A\\u2070-\\u209C\\u2100-\\u218B\\uFB00-\\uFB06\\uFF01-\\uFF5E";
const ALWAYS = `(?:(?![${KNOWN}])[\\p{L}\\p{N}]|[${STRANGE}${SIGNS}]|(?! )\\p{Zs}|(?!\\p{So})[${COMPATIBLE}\\u{1D400}-\\u{1D7FF}])`;
/** Source of a pattern (flag u) for what is written out wherever it stands. */
export const STRANGE_SOURCE = `${ALWAYS}\\p{M}*|(?<![\\p{L}\\p{N}\\p{M}])\\p{M}+|(?<=\\p{M}{4})\\p{M}`;

/** Letters and digits that read as ASCII ones, by the confusables of UTS #39: Cyrillic, Greek, Armenian, then all others. */
const LIKE_ASCII =
  "аеорсухѕіјһԁԛԝӏѵԍгүҽьбАВЕЅІЈКМНОРСТУХҮԌԚԜӀѴЬЗ" +
  "αγηικνορστυχωϲϳϱΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿϜ" +
  "ագզէհյլոռսւցքօՍՏՕԼՅ" +
  "וןסاهةە٠١٥۰۱۵०০৭੦૦ଠ୦௦౦೦ഠ൦෦ဝ၀ဂ๐໐០〇丨ㅇㅣჿყዐ";

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const NOT_ASCII = /(?![0-9A-Za-z])[\p{L}\p{N}]\p{M}*/gu;
const OTHER_DIGIT = /(?![0-9])\p{Nd}\p{M}*/gu;

type Patterns = Readonly<Record<"oneWriting" | "latin" | "likeAscii" | "neitherLatin", RegExp>>;

// Tables of all of Unicode take a tenth of a second: made when the first text comes that is not plain ASCII.
let made: Patterns | undefined;
function patterns(): Patterns {
  made ??= {
    oneWriting: new RegExp(`^(?:${WRITINGS.join("|")})$`, "u"),
    latin: new RegExp(`[${scripts("Latn")}]`, "u"),
    likeAscii: new RegExp(`^[0-9A-Za-z\\p{M}${LIKE_ASCII}]+$`, "u"),
    neitherLatin: new RegExp(`(?![0-9${scripts("Latn", "Zyyy")}])[\\p{L}\\p{N}]\\p{M}*`, "gu"),
  };
  return made;
}

/** `text` with the letters written out that let a word of it pass for another one. */
export function withoutLookAlikes(text: string, writeOut: (characters: string) => string): string {
  return text.replace(WORD, (word) => {
    const suspects = suspectsIn(word);
    return suspects === undefined ? word : word.replace(suspects, writeOut);
  });
}

function suspectsIn(word: string): RegExp | undefined {
  if (/^[0-9A-Za-z]+$/.test(word)) return undefined;
  const { oneWriting, latin, likeAscii, neitherLatin } = patterns();
  if (!oneWriting.test(word)) return latin.test(word) ? neitherLatin : NOT_ASCII;
  if (likeAscii.test(word)) return NOT_ASCII;
  return /[0-9]/.test(word) ? OTHER_DIGIT : undefined;
}
