import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentBytes, makeDocument } from "../../../src/core/document.ts";
import { EVIDENCE } from "../../../src/core/documents/evidence.ts";
import { main } from "../../../src/commands/main.ts";
import { evidenceOf, tellStory } from "../../factory/evidence.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { fakeIo } from "../../factory/io.ts";

const good = evidenceOf(tellStory());

async function verify(document: typeof good, ...flags: readonly string[]) {
  const cwd = temporaryFolder("evidence");
  writeFileSync(join(cwd, "evidence.json"), documentBytes(document));
  const fake = fakeIo({ cwd, argv: ["evidence", "verify", "evidence.json", "--json", ...flags] });
  const exit = await main(fake.io);
  return {
    exit,
    envelope: JSON.parse(fake.stdout()) as {
      ok: boolean;
      data?: { claims: unknown[] };
      error?: { code: string };
    },
  };
}

test("evidence verify needs no home: 0 when no claim fails, 7 when one does", async () => {
  const { exit, envelope } = await verify(good, "--policy-digest", good.body.custody);
  expect(exit).toBe(0);
  expect(envelope.data?.claims.length).toBeGreaterThan(15);

  const other = makeDocument(EVIDENCE, {
    ...good.body,
    receipts: good.body.receipts.slice(1).reverse(),
    requests: [],
  });
  expect((await verify(other)).exit).toBe(7);
  expect((await verify(good, "--policy-digest", "0".repeat(64))).exit).toBe(7);
});
