/** The checks of `checks.ts` that tell the two versions of PSBT apart. */
import type { Check } from "./check.ts";

const BITCOIN = "src/chains/bitcoin";

export const OF_PSBT_VERSIONS = {
  "a signer takes PSBT version 0 alone": {
    file: `${BITCOIN}/psbt.ts`,
    find: "if (‹versionOf(globals, field) !== 0›) {",
    instead: "false",
  },
  "there is no other PSBT version": {
    file: `${BITCOIN}/psbt.ts`,
    find: "if (‹number === 0 || number === 2›) return number;",
    instead: "true",
  },
  "PSBT version 2 is read as such": {
    file: `${BITCOIN}/psbt-v2.ts`,
    find: "if (‹psbtVersion(bytes, field) !== 2›) {",
    instead: "false",
  },
  "a field of the other PSBT version is refused": {
    file: `${BITCOIN}/psbt-fields.ts`,
    find: "if (‹only !== version›) throw broken(value, `belongs to PSBT version",
    instead: "false",
  },
  "PSBT version 2 has what it demands": {
    file: `${BITCOIN}/psbt-v2.ts`,
    find: "const value = ‹found(fields, type)?.value›;\n  if (value !== undefined) return cursorOf",
    instead: "found(fields, type)?.value ?? new Uint8Array(32)",
  },
  "a required lock is of the kind that its field says": {
    file: `${BITCOIN}/psbt-field-shapes.ts`,
    find: "if (‹!sound(takeUint32(value))›) throw broken(value, what);",
    instead: "!sound(takeUint32(value)) && false",
  },
  "required locks of both kinds are no lock time": {
    file: `${BITCOIN}/psbt-v2-lock-time.ts`,
    find: "if (‹chosen !== undefined›) return chosen;",
    instead: "true",
  },
  "a PSBT field has the key data that it should": {
    file: `${BITCOIN}/psbt-fields.ts`,
    find: "if (‹!keyLengths.includes(field.keyData.length)›)\n    throw broken(key,",
    instead: "false",
  },
  "a PSBT field is as long as it should": {
    file: `${BITCOIN}/psbt-fields.ts`,
    find: "if (‹lengths?.includes(field.value.length) === false›) throw broken(value,",
    instead: "false",
  },
  "a PSBT field ends where its content does": {
    file: `${BITCOIN}/psbt-field-shapes.ts`,
    find: "‹finish(value)›;\n  },\n});\n\nexport const witness",
    instead: "undefined",
  },
  "a length has its shortest form": {
    file: `${BITCOIN}/cursor.ts`,
    find: "if (‹value < (first === 0xfd ? 0xfd : 0x1_0000)›)",
    instead: "false",
  },
  "an amount of PSBT version 2 exists": {
    file: `${BITCOIN}/psbt-field-shapes.ts`,
    find: "if (‹takeUint64(value) > MAX_MONEY›) throw",
    instead: "takeUint64(value) > MAX_MONEY && false",
  },
  "nothing stands behind the last map": {
    file: `${BITCOIN}/psbt-v2.ts`,
    find: "‹finish(cursor)›;\n  const unsigned",
    instead: "undefined",
  },
} as const satisfies Readonly<Record<string, Check>>;
