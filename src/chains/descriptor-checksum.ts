/**
 * The descriptor checksum of BIP-380: eight characters that catch up to four errors in descriptors of usual length.
 * It guards against typing, not against malice (bips#1097: 40 bits can be searched), so a policy pins whole digests.
 */
const INPUT_CHARSET =
  "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
const CHECKSUM_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn] as const;

/** The checksum of a descriptor without `#…`, or undefined when it holds a character that descriptors do not have. */
export function descriptorChecksum(text: string): string | undefined {
  const symbols = expand(text);
  if (symbols === undefined) return undefined;
  const checksum = polymod([...symbols, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]) ^ 1n;
  return Array.from(
    { length: 8 },
    (_, i) => CHECKSUM_CHARSET[Number((checksum >> BigInt(5 * (7 - i))) & 31n)],
  ).join("");
}

// Each character gives its position in its group of 32; the group numbers of three characters make one more symbol.
function expand(text: string): bigint[] | undefined {
  const symbols: bigint[] = [];
  let groups: number[] = [];
  for (const character of text) {
    const position = INPUT_CHARSET.indexOf(character);
    if (position < 0) return undefined;
    symbols.push(BigInt(position & 31));
    groups.push(position >> 5);
    if (groups.length === 3) {
      symbols.push(BigInt((groups[0] as number) * 9 + (groups[1] as number) * 3 + (groups[2] as number)));
      groups = [];
    }
  }
  if (groups.length === 1) symbols.push(BigInt(groups[0] as number));
  if (groups.length === 2) symbols.push(BigInt((groups[0] as number) * 3 + (groups[1] as number)));
  return symbols;
}

function polymod(symbols: readonly bigint[]): bigint {
  let checksum = 1n;
  for (const symbol of symbols) {
    const top = checksum >> 35n;
    checksum = ((checksum & 0x7ffffffffn) << 5n) ^ symbol;
    GENERATOR.forEach((generator, bit) => {
      if (((top >> BigInt(bit)) & 1n) === 1n) checksum ^= generator;
    });
  }
  return checksum;
}
