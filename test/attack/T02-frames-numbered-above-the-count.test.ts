/**
 * T2: a guard against T1 that goes too far. Frames numbered above the number of fragments are what a fountain code is; a
 * reader that refuses them stops at the first lost frame (bullbitcoin issue 2700: no UR could be scanned any more).
 */
import { expect, test } from "vitest";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { encodeUr } from "../../src/airgap/ur.ts";
import { take, wolfCbor } from "../factory/ur-frames.ts";
import { pair } from "./pair.ts";

/** How a scan ends that begins with frame `first` of an animation. */
function scanFrom(first: number): string {
  const decoder = new UrDecoder();
  let last = "nothing";
  for (const text of take(encodeUr("bytes", wolfCbor(1000), 50).parts(first), 60)) {
    last = decoder.receive(text).type;
    if (last === "done") break;
  }
  return last;
}

pair("T2", "the scan begins after the last plain fragment was shown", {
  good: () => 1,
  bad: () => 22,
  judge: scanFrom,
  accepted: "done",
  refused: "done",
  removes: ["frames above the count are mixed ones"],
  without: "malformed",
});

test.each([
  ["the first mixed one", 22],
  ["one that an animation shows after an hour", 18_000],
  ["the last numbers there are", 2 ** 32 - 60],
])("a scan that begins with %s is completed", (_, first) => {
  const decoder = new UrDecoder();
  const encoded = encodeUr("bytes", wolfCbor(1000), 50);
  expect(encoded.length).toBe(21);
  const types: string[] = [];
  for (const text of encoded.parts(first)) {
    const progress = decoder.receive(text);
    types.push(progress.type);
    if (progress.type !== "done") continue;
    expect(progress.cbor).toEqual(wolfCbor(1000));
    break;
  }
  expect(types[0]).toBe("part");
  expect(types).not.toContain("malformed");
  expect(types).not.toContain("foreign");
  expect(types.length).toBeLessThan(60);
});
