/** One document of every kind, as the format vectors hold them. */
import { embed, makeDocument, type Document, type DocumentHeader } from "../../src/core/document.ts";
import { BUNDLE } from "../../src/core/documents/bundle.ts";
import { CLEARANCE, type Clearance } from "../../src/core/documents/clearance.ts";
import { DEAD } from "../../src/core/documents/dead.ts";
import { familyOf } from "../../src/core/documents/family.ts";
import { HALT, RESUME } from "../../src/core/documents/halt.ts";
import { IDENTITY_CARD } from "../../src/core/documents/identity-card.ts";
import { INTENT, type Intent } from "../../src/core/documents/intent.ts";
import { RECEIPT, type ReceiptDocument } from "../../src/core/documents/receipt.ts";
import { REQUEST, type RequestDocument } from "../../src/core/documents/request.ts";
import { REVIEW, type ReviewDocument } from "../../src/core/documents/review.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import { VOID } from "../../src/core/documents/void.ts";
import { fromHex, toBase64 } from "../../src/core/hex.ts";
import { headOf } from "../../src/core/journal-entry.ts";
import type { Name } from "../../src/core/identifier.ts";
import {
  approval,
  beneficiary,
  BTC,
  delegation,
  genesisPolicy,
  header,
  intent,
  journal,
  plan,
  REGTEST,
  signedDocument,
  START_HEAD,
  VAULT_DESCRIPTOR,
} from "./documents.ts";
import { ALICE, ANNA, at, BEN, fixtureDigest, fixtureId, OLGA, RUTH, SESSION, SIGNER } from "./identities.ts";

const SMALL = "small" as Name;

function clearance(): Document<DocumentHeader> & { body: Clearance } {
  const body: Clearance = {
    ...header("clearance"),
    decision: "clear",
    code: "standard" as Name,
    intents: [intent().digest],
    policy: 1,
    expires: at("18:00:00"),
  };
  return signedDocument(makeDocument(CLEARANCE, body), [BEN], at("09:05:00"));
}

function halt() {
  const scope = { of: "wallet", wallet: "vault" as Name } as const;
  const body = { ...header("halt"), id: fixtureId("halt"), scope, code: "drill" as Name, policy: 1 };
  return signedDocument(makeDocument(HALT, body), [ANNA], at("09:06:00"));
}

function resume() {
  const body = { ...header("resume"), halt: halt().digest, policy: 1 };
  return signedDocument(makeDocument(RESUME, body), [ANNA, BEN], at("09:07:00"));
}

function dead() {
  const document = makeDocument(DEAD, {
    ...header("dead"),
    plan: plan().digest,
    transactions: [fixtureDigest("transaction"), fixtureDigest("cancel transaction")],
    conflictKey: plan().body.conflictKeys[0] as string,
    spentBy: fixtureDigest("other transaction"),
    block: { hash: fixtureDigest("block"), height: 102 },
    evidence: fixtureDigest("evidence"),
    policy: 1,
  });
  return signedDocument(document, [ANNA], at("09:08:00"));
}

function voidOf() {
  const attempt = {
    plan: plan().digest,
    generation: 1,
    conflictKeys: [...plan().body.conflictKeys],
    transactions: [fixtureDigest("transaction")],
  };
  const document = makeDocument(VOID, {
    ...header("void"),
    family: familyOf(intent().body),
    signer: SIGNER.name,
    epoch: 1,
    policy: 1,
    attempts: [attempt],
  });
  return signedDocument(document, [SIGNER], at("09:09:00"));
}

function transfer() {
  return makeDocument<Intent>(INTENT, {
    ...header("intent"),
    id: fixtureId("transfer"),
    operation: fixtureId("operation"),
    type: "transfer",
    generation: 1,
    supersedes: [],
    born: 1,
    requester: RUTH.name,
    asset: BTC,
    wallet: "vault" as Name,
    destination: "reserve" as Name,
    units: "1000000",
    expires: at("20:00:00"),
  });
}

function request(): RequestDocument {
  const document = makeDocument(REQUEST, {
    ...header("request"),
    id: fixtureId("request"),
    operation: fixtureId("operation"),
    policy: 1,
    delegation: embed(delegation()),
    plans: [embed(plan())],
    intents: [embed(intent())],
    beneficiaries: [embed(beneficiary())],
    approvals: [embed(approval(intent()))],
    clearances: [embed(clearance())],
    dead: [embed(dead())],
    previous: [toBase64(fromHex("0200000000"))],
    heads: [{ signer: SIGNER.name, epoch: 1, head: START_HEAD }],
    audit: {
      epoch: 1,
      size: 3,
      root: fixtureDigest("audit root"),
      extends: [{ signer: SIGNER.name, size: 2, proof: [fixtureDigest("audit node")] }],
    },
  });
  return signedDocument(document, [SESSION], at("09:20:00"));
}

function bundle(): Document<DocumentHeader> {
  return makeDocument(BUNDLE, {
    ...header("bundle"),
    policy: 1,
    intent: embed(intent()),
    beneficiary: embed(beneficiary()),
    approvals: [embed(approval(intent()))],
    clearances: [embed(clearance())],
    similar: [{ at: at("07:00:00"), units: "25000000", state: "COMPLETED" }],
  });
}

function review(): ReviewDocument {
  const { account } = beneficiary().body;
  const document = makeDocument(REVIEW, {
    ...header("review"),
    request: request().digest,
    policy: 1,
    signer: SIGNER.name,
    epoch: 1,
    plans: [
      {
        plan: plan().digest,
        chain: REGTEST,
        wallet: plan().body.wallet,
        quorum: "1 of 1",
        inputs: [
          { conflictKey: plan().body.conflictKeys[0] as string, units: "25001410", path: "m/84h/1h/0h/0/0" },
        ],
        intents: [{ type: "withdrawal", intent: intent().body.id, row: SMALL, approvedBy: [ANNA.name] }],
        limits: [{ row: SMALL, dayLeftUnits: "1975000000", monthLeftUnits: "19975000000" }],
        rungs: [
          {
            transaction: fixtureDigest("transaction"),
            effects: [
              { type: "pay", account, units: "25000000", intent: intent().body.id, approvedBy: [ANNA.name] },
            ],
            feeUnits: "1410",
            feeRateMilli: "10000",
            feeSharePermille: "1",
          },
        ],
        locks: [],
        warnings: [],
      },
    ],
  });
  return signedDocument(document, [OLGA], at("09:00:00"));
}

function receipt(outcome: ReceiptDocument["body"]["outcome"]): ReceiptDocument {
  const [init, pin] = journal();
  const entries = [init, pin].filter((entry) => entry !== undefined);
  const document = makeDocument(RECEIPT, {
    ...header("receipt"),
    request: request().digest,
    policy: 1,
    signer: SIGNER.name,
    epoch: 1,
    outcome,
    place: { number: 2, previous: headOf((pin as NonNullable<typeof pin>).entry) },
    journal: entries,
  });
  return signedDocument(document, [SIGNER], at("09:00:00"));
}

export function signedReceipt(): ReceiptDocument {
  return receipt({
    type: "signed",
    plans: [
      {
        plan: plan().digest,
        wallet: plan().body.wallet,
        intents: [
          {
            family: familyOf(intent().body),
            intent: intent().digest,
            generation: 1,
            row: SMALL,
            units: intent().body.units,
          },
        ],
        conflictKeys: [...plan().body.conflictKeys],
        feeUnits: "1600",
        rungs: [
          {
            rung: 0,
            transaction: fixtureDigest("transaction"),
            signatures: [
              { input: 0, key: `02${fixtureDigest("wallet key")}`, signature: "3006020101020101" + "01" },
            ],
          },
        ],
      },
    ],
    review: embed(review()),
    audit: { epoch: 1, size: 3, root: fixtureDigest("audit root") },
  });
}

/** Every kind once, some twice, by the name of its file. */
export function formatDocuments(): ReadonlyMap<string, Document<DocumentHeader>> {
  const identityCard = makeDocument(IDENTITY_CARD, {
    kind: "identity-card",
    version: 1,
    network: "regtest",
    name: ALICE.name,
    person: ALICE.person,
    key: ALICE.key,
    alg: "ed25519",
  });
  const signerCard = makeDocument(SIGNER_CARD, {
    kind: "signer-card",
    version: 1,
    network: "regtest",
    signer: SIGNER.name,
    key: SIGNER.key,
    epoch: 1,
    startHead: START_HEAD,
    wallets: [{ chain: REGTEST, descriptor: VAULT_DESCRIPTOR }],
    cosignerKeys: [],
  });
  return new Map<string, Document<DocumentHeader>>([
    ["identity-card", signedDocument(identityCard, [ALICE], at("07:00:00"))],
    ["signer-card", signedDocument(signerCard, [SIGNER], at("07:00:00"))],
    ["policy", genesisPolicy()],
    ["delegation", delegation()],
    ["beneficiary", beneficiary()],
    ["intent", intent()],
    ["approval", approval(intent())],
    ["approval-reject", approval(intent(), [ANNA], { decision: "reject" })],
    ["intent-transfer", transfer()],
    ["clearance", clearance()],
    ["halt", halt()],
    ["resume", resume()],
    ["dead", dead()],
    ["void", voidOf()],
    ["bundle", bundle()],
    ["plan", plan()],
    ["request", request()],
    ["review", review()],
    ["receipt", signedReceipt()],
    ["receipt-refused", receipt({ type: "refused", gate: "G4", rule: "QUORUM_NOT_MET" })],
  ]);
}
