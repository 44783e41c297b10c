import fc from "fast-check";
import { expect, test } from "vitest";
import { repeatedMember } from "../../../src/core/repeated-member.ts";

test("RFC 7493 §2.3: a name that stands twice in one object is found, wherever the object is", () => {
  const twice: readonly (readonly [string, string])[] = [
    ['{"a":1,"a":1}', "a"],
    ['{ "a" : 1 ,\n\t"a"\r:2 }', "a"],
    ['{"a":{"b":1,"c":[],"b":2}}', "a.b"],
    ['{"rows":[{"name":"x"},{"name":"y","quorum":2,"name":"z"}]}', "rows[].name"],
    ['[{"a":1},{"a":1,"a":2}]', "[].a"],
    // One name in two spellings is one name.
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"a\\"":1,"a\\"":2}', 'a"'],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['{"a":{},"b":[1,{"c":1}],"a":3}', "a"],
  ];
  expect(twice.map(([text]) => repeatedMember(text))).toEqual(twice.map(([, path]) => path));
});

test("a name may stand once in each of many objects, and among values", () => {
  const once = [
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a","c":["a","a"]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"\\\\","b":"x:"}',
    '"a"',
    "[]",
    "{}",
    "7",
  ];
  expect(once.map(repeatedMember)).toEqual(once.map(() => undefined));
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(repeatedMember(text)).toBeUndefined();
    }),
  );
});

test("the members that JSON.parse drops are those that are found", () => {
  const names = fc.array(fc.constantFrom("a", "b", "c", "\u00e9", 'q"', "\\"), {
    minLength: 1,
    maxLength: 5,
  });
  const property = fc.property(names, (list) => {
    const text = `{${list.map((name) => `${JSON.stringify(name)}: {"in":[0]}`).join(" , ")}}`;
    const kept = Object.keys(JSON.parse(text) as object).length;
    expect(repeatedMember(text) === undefined).toBe(kept === list.length);
  });
  fc.assert(property);
});
