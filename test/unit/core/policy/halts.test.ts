/** Law 13: what a halt of each scope stops. */
import { describe, expect, test } from "vitest";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { HALT, type HaltScope } from "../../../../src/core/documents/halt.ts";
import { documentBytes, makeDocument, parseDocument } from "../../../../src/core/document.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import {
  covers,
  HALT_SCOPE_UNKNOWN,
  haltOver,
  parseScope,
  scopeText,
} from "../../../../src/core/policy/halts.ts";
import { header, policyBody } from "../../../factory/documents.ts";
import { fixtureDigest, fixtureId } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const VAULT = "vault" as Name;
const chain = BITCOIN_CHAINS.regtest;
const everything: HaltScope = { of: "everything" };
const onChain: HaltScope = { of: "chain", chain };
const overWallet: HaltScope = { of: "wallet", wallet: VAULT };

describe("a halt", () => {
  test.each([
    { scope: everything, what: { wallet: VAULT, chain }, stops: true },
    { scope: everything, what: { chain }, stops: true },
    { scope: onChain, what: { wallet: VAULT, chain }, stops: true },
    { scope: onChain, what: { chain }, stops: true },
    { scope: onChain, what: { wallet: VAULT, chain: BITCOIN_CHAINS.testnet }, stops: false },
    { scope: overWallet, what: { wallet: VAULT, chain }, stops: true },
    { scope: overWallet, what: { wallet: "cold" as Name, chain }, stops: false },
    { scope: overWallet, what: { chain }, stops: false },
  ])("over $scope stops $what: $stops", ({ scope, what, stops }) => {
    expect(covers(scope, what)).toBe(stops);
  });

  test("over a chain is a document of its own, and reads back as it was written", () => {
    const made = (scope: HaltScope) =>
      makeDocument(HALT, {
        ...header("halt"),
        custody: fixtureDigest("custody"),
        id: fixtureId("halt"),
        scope,
        code: "theft" as Name,
        policy: 1,
      });
    const halt = parseDocument(HALT, documentBytes(made(onChain)));
    expect(halt.body.scope).toEqual(onChain);
    expect(haltOver([made(overWallet), halt], { wallet: "cold" as Name, chain })?.digest).toBe(halt.digest);
    const unknown = { of: "chain", chain: "bip122:ffff" } as unknown as HaltScope;
    expect(codeOf(() => parseDocument(HALT, documentBytes(made(unknown))))).toBe("DOCUMENT_MALFORMED");
  });

  test("is typed as everything, chain:ID or wallet:NAME of the policy", () => {
    const policy = policyBody();
    for (const scope of [everything, onChain, overWallet])
      expect(parseScope(scopeText(scope), policy)).toEqual(scope);
    for (const text of ["", "wallet:vaults", "chain:bip122:0", "Everything", "vault"])
      expect(codeOf(() => parseScope(text, policy))).toBe(HALT_SCOPE_UNKNOWN.code);
  });
});
