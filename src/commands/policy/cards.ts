/** Cards: what people and signers show of themselves before a policy names them. */
import type { Network } from "../../core/chain.ts";
import type { Document, DocumentHeader } from "../../core/document.ts";
import { IDENTITY_CARD, type IdentityCard } from "../../core/documents/identity-card.ts";
import { SIGNER_CARD, type SignerCard } from "../../core/documents/signer-card.ts";
import { declareError } from "../../core/errors.ts";
import type { PolicyIdentity, Role } from "../../core/policy/policy.ts";
import { verifySignature } from "../../core/signature.ts";
import { flagName, repeatedFlag, requiredFlag, type Call } from "../../terminal/command.ts";
import { readDocument } from "../documents.ts";

export const CARD_UNSIGNED = declareError(
  "CARD_UNSIGNED",
  "verification",
  "A card is not signed by the key that it shows.",
);
export const CARD_ELSEWHERE = declareError("CARD_ELSEWHERE", "denied", "A card belongs to another network.");

/** The roles that a flag gives to whoever's card it names. */
const ROLES_OF_FLAGS = {
  admin: ["admin"],
  operator: ["operator", "requester"],
  approver: ["approver"],
  officer: ["officer"],
  compliance: ["compliance"],
  recovery: ["recovery"],
} as const satisfies Record<string, readonly Role[]>;

const NEEDED = ["admin", "operator", "approver", "officer"] as const;

/** Everyone whose card a flag names, in the order of the flags; a card under two flags is one person with both roles. */
export async function readPeople(call: Call, network: Network): Promise<readonly PolicyIdentity[]> {
  for (const flag of NEEDED) if (repeatedFlag(call.flags, flag).length === 0) requiredFlag(call.flags, flag);
  const people = new Map<string, PolicyIdentity>();
  for (const [flag, roles] of Object.entries(ROLES_OF_FLAGS)) {
    for (const path of repeatedFlag(call.flags, flag)) {
      const { body } = await readCard(call, path, flag, network);
      const known = people.get(body.key)?.roles ?? [];
      const { name, person, key, alg } = body;
      people.set(key, { name, person, key, alg, roles: [...new Set([...known, ...roles])] });
    }
  }
  return [...people.values()];
}

async function readCard(
  call: Call,
  path: string,
  flag: string,
  network: Network,
): Promise<Document<IdentityCard>> {
  const card = await readDocument(call, path, IDENTITY_CARD);
  assertOwn(card, { key: card.body.key, alg: card.body.alg }, flagName(flag));
  assertNetwork(card, network, flagName(flag));
  return card;
}

/** The signers' cards, all of one network. */
export async function readSignerCards(call: Call): Promise<readonly [SignerCard, ...SignerCard[]]> {
  const [path, ...others] = repeatedFlag(call.flags, "signer");
  const first = await readSignerCard(call, path ?? requiredFlag(call.flags, "signer"));
  const rest: SignerCard[] = [];
  for (const other of others) {
    const card = await readSignerCard(call, other);
    assertNetwork({ body: card }, first.network, "--signer");
    rest.push(card);
  }
  return [first, ...rest];
}

async function readSignerCard(call: Call, path: string): Promise<SignerCard> {
  const card = await readDocument(call, path, SIGNER_CARD);
  assertOwn(card, { key: card.body.key, alg: "ed25519" }, "--signer");
  return card.body;
}

// A card that somebody else made would put a stranger's key in a person's name.
export function assertOwn(
  card: Document<DocumentHeader>,
  { key, alg }: { readonly key: string; readonly alg: string },
  field: string,
): void {
  const own = card.signatures.filter((signature) => signature.by === key && signature.alg === alg);
  if (own.some((signature) => verifySignature(card.digest, signature))) return;
  throw CARD_UNSIGNED("the card is not signed by the key that it shows", {
    field,
    hint: "take the card as it was made",
  });
}

export function assertNetwork(
  card: { readonly body: DocumentHeader },
  network: Network,
  field: string,
): void {
  if (card.body.network === network) return;
  throw CARD_ELSEWHERE(`a card of ${card.body.network} cannot stand in a policy of ${network}`, {
    field,
    hint: `custody identity new NAME --network ${network}`,
  });
}
