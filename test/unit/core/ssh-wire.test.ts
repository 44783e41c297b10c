import { expect, test } from "vitest";
import { fromHex, toHex, utf8 } from "../../../src/core/hex.ts";
import {
  readBytes,
  readEnd,
  readString,
  readUint32,
  sshReader,
  sshString,
} from "../../../src/core/ssh-wire.ts";
import { SSH_KEY_MALFORMED } from "../../../src/core/ssh-key.ts";
import { codeOf } from "../../factory/thrown.ts";

const reader = (hex: string) => sshReader(fromHex(hex), SSH_KEY_MALFORMED, "key");

test("RFC 4251 §5: the string 'testing' and the number 699921578", () => {
  expect(toHex(sshString(utf8("testing")))).toBe("0000000774657374696e67");
  const text = reader("0000000774657374696e67");
  expect(readString(text)).toEqual(utf8("testing"));
  readEnd(text);
  expect(readUint32(reader("29b7f4aa"))).toBe(699921578);
});

test.each([
  ["a length above what follows", "0000000200", readString],
  ["a length of four gigabytes", "ffffffff00", readString],
  ["half a length", "0000", readString],
  ["nothing", "", (empty: ReturnType<typeof reader>) => readBytes(empty, 1)],
  ["a byte that nobody reads", "00", readEnd],
])("%s is refused in the reader's name", (_name, hex, read) => {
  expect(codeOf(() => read(reader(hex)))).toBe("SSH_KEY_MALFORMED");
});
