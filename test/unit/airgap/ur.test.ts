import { describe, expect, test } from "vitest";
import { BYTEWORDS_MALFORMED, encodeBytewords } from "../../../src/airgap/bytewords.ts";
import { CBOR_MALFORMED, encodeCbor } from "../../../src/airgap/cbor.ts";
import {
  decodePart,
  encodePart,
  UR_PART_MALFORMED,
  UR_TOO_LARGE,
} from "../../../src/airgap/fountain-part.ts";
import { encodeUr, parseFrame, UR_MALFORMED } from "../../../src/airgap/ur.ts";
import { fromHex, toHex } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { codeOf } from "../../factory/thrown.ts";
import { frameText, take, wolfBytes, wolfCbor } from "../../factory/ur-frames.ts";

/** BlockchainCommons/bc-ur test/test.cpp (with the word list of October 2020) `test_single_part_ur`: 50 bytes. */
const SINGLE =
  "ur:bytes/hdeymejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtgwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsdwkbrkch";

/** `test_ur_encoder`: 256 bytes in fragments of at most 30. */
const PARTS = `
ur:bytes/1-9/lpadascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtdkgslpgh
ur:bytes/2-9/lpaoascfadaxcywenbpljkhdcagwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjldapfcsgmghhkhstlrdcxaefz
ur:bytes/3-9/lpaxascfadaxcywenbpljkhdcahelbknlkuejnbadmssfhfrdpsbiegecpasvssovlgeykssjykklronvsjksopdzmol
ur:bytes/4-9/lpaaascfadaxcywenbpljkhdcasotkhemthydawydtaxneurlkosgwcekonertkbrlwmplssjtammdplolsbrdzcrtas
ur:bytes/5-9/lpahascfadaxcywenbpljkhdcatbbdfmssrkzmcwnezelennjpfzbgmuktrhtejscktelgfpdlrkfyfwdajldejokbwf
ur:bytes/6-9/lpamascfadaxcywenbpljkhdcackjlhkhybssklbwefectpfnbbectrljectpavyrolkzczcpkmwidmwoxkilghdsowp
ur:bytes/7-9/lpatascfadaxcywenbpljkhdcavszmwnjkwtclrtvaynhpahrtoxmwvwatmedibkaegdosftvandiodagdhthtrlnnhy
ur:bytes/8-9/lpayascfadaxcywenbpljkhdcadmsponkkbbhgsoltjntegepmttmoonftnbuoiyrehfrtsabzsttorodklubbuyaetk
ur:bytes/9-9/lpasascfadaxcywenbpljkhdcajskecpmdckihdyhphfotjojtfmlnwmadspaxrkytbztpbauotbgtgtaeaevtgavtny
ur:bytes/10-9/lpbkascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtwdkiplzs
ur:bytes/11-9/lpbdascfadaxcywenbpljkhdcahelbknlkuejnbadmssfhfrdpsbiegecpasvssovlgeykssjykklronvsjkvetiiapk
ur:bytes/12-9/lpbnascfadaxcywenbpljkhdcarllaluzmdmgstospeyiefmwejlwtpedamktksrvlcygmzemovovllarodtmtbnptrs
ur:bytes/13-9/lpbtascfadaxcywenbpljkhdcamtkgtpknghchchyketwsvwgwfdhpgmgtylctotzopdrpayoschcmhplffziachrfgd
ur:bytes/14-9/lpbaascfadaxcywenbpljkhdcapazewnvonnvdnsbyleynwtnsjkjndeoldydkbkdslgjkbbkortbelomueekgvstegt
ur:bytes/15-9/lpbsascfadaxcywenbpljkhdcaynmhpddpzmversbdqdfyrehnqzlugmjzmnmtwmrouohtstgsbsahpawkditkckynwt
ur:bytes/16-9/lpbeascfadaxcywenbpljkhdcawygekobamwtlihsnpalnsghenskkiynthdzotsimtojetprsttmukirlrsbtamjtpd
ur:bytes/17-9/lpbyascfadaxcywenbpljkhdcamklgftaxykpewyrtqzhydntpnytyisincxmhtbceaykolduortotiaiaiafhiaoyce
ur:bytes/18-9/lpbgascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtntwkbkwy
ur:bytes/19-9/lpbwascfadaxcywenbpljkhdcadekicpaajootjzpsdrbalpeywllbdsnbinaerkurspbncxgslgftvtsrjtksplcpeo
ur:bytes/20-9/lpbbascfadaxcywenbpljkhdcayapmrleeleaxpasfrtrdkncffwjyjzgyetdmlewtkpktgllepfrltataztksmhkbot
`
  .trim()
  .split("\n");

/** `test_fountain_encoder_cbor`: frames 10 to 12 of 256 bare bytes, which mix fragments. */
const MIXED = [
  "850a091901001a0167aa07581d330f0f33a05eead4f331df229871bee733b50de71afd2e5a79f196de09",
  "850b091901001a0167aa07581d3b205ce5e52d8c24a52cffa34c564fa1af3fdffcd349dc4258ee4ee828",
  "850c091901001a0167aa07581ddd7bf725ea6c16d531b5f03254783803048ca08b87148daacd1cd7a006",
];

describe("the published UR", () => {
  test("of one frame", () => {
    const encoded = encodeUr("bytes", wolfCbor(50), 100);
    expect(encoded.single).toBe(SINGLE);
    expect([...encoded.parts()]).toEqual([SINGLE]);
    expect(encoded.length).toBe(1);
    expect(parseFrame(SINGLE)).toEqual({ type: "single", urType: "bytes", cbor: wolfCbor(50) });
  });

  test("of many frames", () => {
    const encoded = encodeUr("bytes", wolfCbor(256), 30);
    expect(encoded.length).toBe(9);
    expect(encoded.single).toBeUndefined();
    expect(take(encoded.parts(), 20)).toEqual(PARTS);
    expect(take(encoded.parts(11), 5)).toEqual(PARTS.slice(10, 15));
  });

  test("of mixed fragments", () => {
    const frames = take(encodeUr("bytes", wolfBytes(256), 30).parts(10), 3).map(parseFrame);
    expect(frames.map((frame) => frame.type === "part" && toHex(encodePart(frame.part)))).toEqual(MIXED);
  });

  test.each([
    [12345, 1955, 1764],
    [1024, 100, 94],
  ])(
    "fragments of %i bytes, at most %i in each, have %i (`test_find_fragment_length`)",
    (length, most, each) => {
      const frame = parseFrame(take(encodeUr("bytes", wolfBytes(length), most).parts(), 1)[0] ?? "");
      expect(frame.type === "part" && frame.part.data.length).toBe(each);
    },
  );
});

test("uppercase frames say the same", () => {
  const loud = take(encodeUr("bytes", wolfCbor(256), 30, "uppercase").parts(), 20);
  expect(loud).toEqual(PARTS.map((part) => part.toUpperCase()));
  expect(loud.map(parseFrame)).toEqual(PARTS.map(parseFrame));
});

test("after the last number comes the first", () => {
  const numbers = take(encodeUr("bytes", wolfCbor(256), 30).parts(2 ** 32 - 1), 2).map(
    (text) => text.split("/")[1],
  );
  expect(numbers).toEqual(["4294967295-9", "1-9"]);
});

describe("what cannot be encoded", () => {
  const cbor = wolfCbor(50);
  test.each([
    ["a type in capitals", () => encodeUr("Bytes", cbor, 100), UR_MALFORMED],
    ["a type with a slash", () => encodeUr("a/b", cbor, 100), UR_MALFORMED],
    ["nothing", () => encodeUr("bytes", new Uint8Array(), 100), UR_MALFORMED],
    ["fragments of nothing", () => encodeUr("bytes", cbor, 0), UR_MALFORMED],
    ["fragments that no QR code holds", () => encodeUr("bytes", cbor, 2081), UR_MALFORMED],
    ["half a byte", () => encodeUr("bytes", cbor, 10.5), UR_MALFORMED],
    [
      "too many bytes",
      () => encodeUr("bytes", new Uint8Array(LIMITS.urMessageBytesMax + 1), 400),
      UR_TOO_LARGE,
    ],
    [
      "too many fragments",
      () => encodeUr("bytes", new Uint8Array(LIMITS.urFragmentsMax + 1), 1),
      UR_TOO_LARGE,
    ],
  ])("is refused: %s", (_, encode, kind) => {
    expect(codeOf(encode)).toBe(kind.code);
  });

  test("and its twins are encoded: the longest fragment, the most fragments, the longest message", () => {
    const longest = encodeUr("a".repeat(64), wolfBytes(2080 * 1000), 2080).parts(2 ** 32 - 1);
    expect(take(longest, 1)[0]?.length).toBeLessThanOrEqual(LIMITS.qrCharactersMax);
    expect(encodeUr("bytes", new Uint8Array(LIMITS.urFragmentsMax), 1).length).toBe(LIMITS.urFragmentsMax);
    expect(encodeUr("bytes", new Uint8Array(LIMITS.urMessageBytesMax), 400).length).toBe(5243);
  });
});

describe("what is no frame", () => {
  const [first = ""] = PARTS;
  const words = first.split("/")[2] ?? "";
  test.each([
    ["an empty line", "", UR_MALFORMED],
    ["another scheme", "http://bytes/aeadaolazmjendeoti", UR_MALFORMED],
    ["no type", "ur:/aeadaolazmjendeoti", UR_MALFORMED],
    ["no words", "ur:bytes/", UR_MALFORMED],
    ["a path too long", `ur:bytes/1-9/2-9/${words}`, UR_MALFORMED],
    ["frame number 0", `ur:bytes/0-9/${words}`, UR_MALFORMED],
    ["a number with a sign", `ur:bytes/+1-9/${words}`, UR_MALFORMED],
    ["a number with a zero in front", `ur:bytes/01-9/${words}`, UR_MALFORMED],
    ["an underscore in the type", `ur:by_tes/1-9/${words}`, UR_MALFORMED],
    ["a line end", `${first}\n`, UR_MALFORMED],
    ["a Kelvin sign for a k", SINGLE.replace("k", "\u212a"), UR_MALFORMED],
    ["an escape sequence", `\u001b[2J${first}`, UR_MALFORMED],
    [
      "more letters than a QR code holds",
      `ur:bytes/${"ae".repeat(LIMITS.qrCharactersMax / 2)}`,
      UR_MALFORMED,
    ],
    ["words that are none", "ur:bytes/aaaaaaaaaaaaaa", BYTEWORDS_MALFORMED],
    ["a letter misread", first.replace("ylke", "ylko"), BYTEWORDS_MALFORMED],
    ["another number outside than inside", first.replace("/1-9/", "/2-9/"), UR_PART_MALFORMED],
    ["another count outside than inside", first.replace("/1-9/", "/1-8/"), UR_PART_MALFORMED],
    [
      "a message where a part is announced",
      `ur:bytes/1-9/${encodeBytewords(wolfCbor(5))}`,
      UR_PART_MALFORMED,
    ],
    ["a part that is no CBOR", `ur:bytes/1-9/${encodeBytewords(Uint8Array.of(0xff))}`, CBOR_MALFORMED],
  ])("is refused: %s", (_, text, kind) => {
    expect(codeOf(() => parseFrame(text))).toBe(kind.code);
  });
});

describe("the header of a part", () => {
  const good = {
    seqNum: 12,
    seqLen: 8,
    messageLen: 36,
    checksum: 0x12345678,
    data: Uint8Array.of(1, 5, 3, 3, 5),
  };

  test("is read as it was written (`test_fountain_cbor`)", () => {
    expect(decodePart(encodePart(good))).toEqual(good);
    expect(parseFrame(frameText(good))).toEqual({ type: "part", urType: "bytes", part: good });
  });

  test.each([
    ["number 0", { ...good, seqNum: 0 }],
    ["a number of 33 bits", { ...good, seqNum: 2 ** 32 }],
    ["no fragments", { ...good, seqLen: 0 }],
    ["an empty message", { ...good, messageLen: 0 }],
    ["a checksum of 33 bits", { ...good, checksum: 2 ** 32 }],
    ["no data", { ...good, data: new Uint8Array() }],
    ["more fragments than the message fills", { ...good, seqLen: 9 }],
    ["fewer fragments than the message needs", { ...good, messageLen: 41 }],
  ])("is refused with %s", (_, part) => {
    expect(codeOf(() => decodePart(encodePart(part)))).toBe(UR_PART_MALFORMED.code);
  });

  test.each([
    ["four fields", encodeCbor([1, 1, 1, 1])],
    ["six fields", encodeCbor([1, 1, 1, 1, Uint8Array.of(1), 1])],
    ["text for data", encodeCbor([1, 1, 1, 1, "a"])],
    ["no array", fromHex("01")],
  ])("is refused as %s", (_, bytes) => {
    expect(codeOf(() => decodePart(bytes))).toBe(UR_PART_MALFORMED.code);
  });
});
