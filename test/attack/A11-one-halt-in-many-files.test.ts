/** A11: nobody has to log in to bring a halt, so whoever found a few signatures of one brings them in ever another choice. */
import { expect, test } from "vitest";
import { PORTS } from "../../src/home/ports.ts";
import { listAuditRows } from "../../src/store/audit.ts";
import { importHalt } from "../../src/withdrawals/stopping/halt.ts";
import { signedDocument } from "../factory/documents.ts";
import { ANNA, at, BEN, type Cast } from "../factory/identities.ts";
import { halt } from "../factory/online-words.ts";
import { makeDesk, step } from "./online.ts";

test("A11: one halt leaves one row for each person who signed it, in however many files it comes", () => {
  const desk = makeDesk();
  const rows = () => listAuditRows(desk.store, { entity: "document" }, { limit: 1000 }).length;
  const unsigned = { ...halt(desk, ANNA), signatures: [] };
  const bring = (who: readonly Cast[], when: string) =>
    step(desk, (tx) => importHalt(PORTS, tx, signedDocument(unsigned, who, at(when)), desk.custody.policy));
  const before = rows();
  bring([ANNA], "09:02:00");
  expect(rows()).toBe(before + 1);
  bring([ANNA, BEN], "09:02:00");
  expect(rows()).toBe(before + 2);
  for (const who of [[BEN], [BEN, ANNA], [ANNA]])
    for (const when of ["09:02:00", "09:03:00"]) bring(who, when);
  expect(rows()).toBe(before + 2);
});
