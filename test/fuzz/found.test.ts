/** Inputs that once did harm, as `found/TARGET--WHAT.bin`: each is judged again, for good. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { judge } from "./judge.ts";
import { targetNamed } from "./targets.ts";

const FOLDER = join(import.meta.dirname, "found");
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".bin"));

test.each(files)("%s does no harm any more", async (name) => {
  const [target = ""] = name.split("--");
  const verdict = await judge(targetNamed(target), new Uint8Array(readFileSync(join(FOLDER, name))));
  expect(verdict.type === "finding" ? verdict.what : "none").toBe("none");
});

test("every one of them names a decoder", () => {
  expect(files.filter((name) => !/^[a-z0-9-]+--[a-z0-9-]+\.bin$/.test(name))).toEqual([]);
  expect(files.length).toBeGreaterThan(0);
});
