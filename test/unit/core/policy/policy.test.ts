/** A policy as it is read from its bytes: what it may hold, and the nearest that it may not. */
import { expect, test } from "vitest";
import { makeDocument, documentBytes, parseDocument } from "../../../../src/core/document.ts";
import { POLICY, type Policy } from "../../../../src/core/policy/policy.ts";
import { policyBody } from "../../../factory/documents.ts";
import { treasury } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";

const read = (body: Policy) => parseDocument(POLICY, documentBytes(makeDocument(POLICY, body))).body;
const GOOD = policyBody();

test("is read as it was written, with its rows, an audit epoch and more than one wallet", () => {
  const two = treasury().policy.body;
  expect(two.wallets).toHaveLength(2);
  expect(read(two)).toEqual(two);
});

test.each<[string, object]>([
  ["no wallet", { wallets: [] }],
  ["no identity", { identities: [] }],
  ["a row with a field that nobody knows", { rows: [{ ...GOOD.rows[0], note: "x" }] }],
  ["a row without a quorum", { rows: [{ ...GOOD.rows[0], quorum: 0 }] }],
  ["an audit tree of no epoch", { audit: { ...GOOD.audit, epoch: 0 } }],
  ["an audit tree without a root", { audit: { epoch: 1, size: 0 } }],
])("%s is not read", (_, changes) => {
  expect(codeOf(() => read({ ...GOOD, ...changes }))).toBe("DOCUMENT_MALFORMED");
});
