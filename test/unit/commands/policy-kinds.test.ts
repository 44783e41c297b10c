/** The kind of a new custody's wallet: chosen by people, from cards that show a key for it. */
import { expect, test } from "vitest";
import { vaultOf, CARD_WITHOUT_WALLET } from "../../../src/commands/policy/vault.ts";
import { parseDescriptor } from "../../../src/chains/bitcoin/descriptor.ts";
import { KINDS, WALLET_KIND_UNKNOWN } from "../../../src/chains/bitcoin/kinds/table.ts";
import type { SignerCard } from "../../../src/core/documents/signer-card.ts";
import { accountDescriptor, cosignerKey, masterOf } from "../../../signer/keystore/seed.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { REGTEST } from "../../factory/documents.ts";
import { fixtureBytes } from "../../factory/identities.ts";

/** A card with a key for each of `kinds`. */
function cardOf(name: string, kinds: readonly (typeof KINDS)[number][] = KINDS): SignerCard {
  const master = masterOf(fixtureBytes(name), "regtest");
  return {
    network: "regtest",
    signer: name,
    wallets: kinds
      .filter(({ several }) => !several)
      .map(({ kind }) => ({ chain: REGTEST, descriptor: accountDescriptor(master, "regtest", kind).text })),
    cosignerKeys: kinds
      .filter(({ several }) => several)
      .map(({ kind }) => ({ chain: REGTEST, key: cosignerKey(master, "regtest", kind) })),
  } as unknown as SignerCard;
}

const one = [cardOf("s1")] as const;
const three = [cardOf("s1"), cardOf("s2"), cardOf("s3")] as const;

test.each(KINDS.map((kind) => [kind.kind, kind] as const))(
  "--kind %s takes the key of that kind",
  (kind, { several }) => {
    const wallet = vaultOf({ wallet: "vault", kind }, several ? three : one, []);
    const descriptor = parseDescriptor(wallet.descriptor, "regtest");
    expect(descriptor).toMatchObject({ kind, threshold: several ? 2 : 1 });
    const { purpose, scriptType } = KINDS.find((each) => each.kind === kind) ?? KINDS[0]!;
    for (const { origin } of descriptor.keys) {
      expect(origin.path[0]).toBe(purpose + 0x8000_0000);
      expect(origin.path[3]).toBe(scriptType === undefined ? undefined : scriptType + 0x8000_0000);
    }
  },
);

test("left out it is P2WPKH, and of several keys P2WSH", () => {
  expect(parseDescriptor(vaultOf({ wallet: "vault" }, one, []).descriptor, "regtest").kind).toBe("p2wpkh");
  const { descriptor } = vaultOf({ wallet: "vault" }, three, []);
  expect(parseDescriptor(descriptor, "regtest").kind).toBe("p2wsh-sortedmulti");
});

test("a kind of another number of keys, one that does not exist, and a card without a key for it", () => {
  const refused = (kind: string, cards: typeof one | typeof three) =>
    expectRefusal(() => vaultOf({ wallet: "vault", kind }, cards, []), WALLET_KIND_UNKNOWN);
  refused("p2tr", three);
  refused("p2tr-sortedmulti", one);
  refused("p2pkh", one);
  const bare = [cardOf("s1", KINDS.slice(0, 1)), cardOf("s2")] as const;
  const lacking = expectRefusal(
    () => vaultOf({ wallet: "vault", kind: "p2tr-sortedmulti" }, bare, []),
    CARD_WITHOUT_WALLET,
  );
  expect(lacking.hint).toContain("keys export --kind p2tr-sortedmulti");
});
