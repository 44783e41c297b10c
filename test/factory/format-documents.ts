/** One document of every kind, as the format vectors hold them. */
import { embed, makeDocument, type Document, type DocumentHeader } from "../../src/core/document.ts";
import { BUILD, type Build } from "../../src/core/documents/build.ts";
import { BUNDLE } from "../../src/core/documents/bundle.ts";
import { CLEARANCE, type Clearance, type ClearanceDocument } from "../../src/core/documents/clearance.ts";
import { DEAD } from "../../src/core/documents/dead.ts";
import { familyOf } from "../../src/core/documents/family.ts";
import { HALT, RESUME } from "../../src/core/documents/halt.ts";
import { WARRANT } from "../../src/core/documents/warrant.ts";
import { IDENTITY_CARD } from "../../src/core/documents/identity-card.ts";
import { INTENT, type Intent } from "../../src/core/documents/intent.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";
import { REHEARSAL, type Rehearsal } from "../../src/core/documents/rehearsal.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import { VOID } from "../../src/core/documents/void.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { ProgramVersion } from "../../src/core/program-version.ts";
import { signedBytes } from "../../src/core/signature.ts";
import {
  approval,
  beneficiary,
  BTC,
  delegation,
  genesisPolicy,
  header,
  intent,
  REGTEST,
  signedDocument,
  START_HEAD,
  VAULT_DESCRIPTOR,
} from "./documents.ts";
import { ALICE, ANNA, at, BEN, fixtureDigest, fixtureId, RUTH, SIGNER, OSCAR } from "./identities.ts";
import { evidence } from "./format-evidence.ts";
import { AUDIT, plan, receipt, request, review, signedPlan, transactions } from "./format-payment.ts";
import { ratesOf } from "./rates.ts";
import { compactSignature, securityKey } from "./security-key.ts";

function clearance(): ClearanceDocument {
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

function build() {
  const [platform, version] = ["linux-x64", "20.20.2" as ProgramVersion];
  const body: Build = {
    ...header("build"),
    program: "0.1.0" as ProgramVersion,
    file: { sha256: fixtureDigest("signer file"), bytes: 4_000_000 },
    executables: [{ platform, sha256: fixtureDigest("signer executable"), bytes: 100_000_000 }],
    nodes: [{ platform, version, sha256: fixtureDigest("node") }],
    keystore: 1,
  };
  return signedDocument(makeDocument(BUILD, body), [ALICE], at("07:30:00"));
}

function halt() {
  const scope = { of: "wallet", wallet: "vault" as Name } as const;
  const body = { ...header("halt"), id: fixtureId("halt"), scope, code: "drill" as Name, policy: 1 };
  return signedDocument(makeDocument(HALT, body), [ANNA], at("09:06:00"));
}

function warrant() {
  const act = { do: "requeue", letter: fixtureId("letter"), attempts: 3 } as const;
  const expires = at("12:00:00");
  const body = { ...header("warrant"), id: fixtureId("warrant"), act, policy: 1, expires };
  return signedDocument(makeDocument(WARRANT, body), [ANNA, BEN], at("09:08:00"));
}

function resume() {
  const body = { ...header("resume"), halt: halt().digest, policy: 1 };
  return signedDocument(makeDocument(RESUME, body), [ANNA, BEN], at("09:07:00"));
}

function dead() {
  const document = makeDocument(DEAD, {
    ...header("dead"),
    plan: plan().digest,
    transactions: transactions(),
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
    row: "small" as Name,
    conflictKeys: [...plan().body.conflictKeys],
    transactions: transactions(),
    operators: [OSCAR.person],
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

function bundle(): Document<DocumentHeader> {
  const again = intent({ generation: 2, supersedes: [intent().digest] });
  return makeDocument(BUNDLE, {
    ...header("bundle"),
    policy: 1,
    intent: embed(again),
    superseded: [embed(intent())],
    beneficiary: embed(beneficiary()),
    approvals: [embed(approval(again))],
    clearances: [embed(clearance())],
    similar: [{ at: at("07:00:00"), units: "25000000", state: "COMPLETED" }],
  });
}

export function signedReceipt(): ReceiptDocument {
  const asked = request(clearance());
  const outcome = {
    type: "signed",
    plans: [signedPlan()],
    review: embed(review(asked)),
    audit: AUDIT,
  } as const;
  return receipt(asked, { ...outcome, plans: [...outcome.plans] });
}

/** The card of somebody who signs with a security key, signed by it. */
function touchedCard(): Document<DocumentHeader> {
  const card = makeDocument(IDENTITY_CARD, {
    kind: "identity-card",
    version: 1,
    network: "regtest",
    name: BEN.name,
    person: BEN.person,
    key: BEN.key,
    alg: "sshsig-sk",
  });
  const when = at("07:00:00");
  const sig = compactSignature(signedBytes(card.digest, BEN.key, when), securityKey(BEN.seed));
  return { ...card, signatures: [{ alg: "sshsig-sk", at: when, by: BEN.key, sig }] };
}

function rehearsal(content: Rehearsal["content"]) {
  return makeDocument(REHEARSAL, { kind: "rehearsal", version: 1, network: "regtest", content });
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
  const asked = request(clearance());
  return new Map<string, Document<DocumentHeader>>([
    ["identity-card", signedDocument(identityCard, [ALICE], at("07:00:00"))],
    ["identity-card-security-key", touchedCard()],
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
    ["warrant", warrant()],
    ["rates", ratesOf()],
    ["dead", dead()],
    ["void", voidOf()],
    ["build", build()],
    ["bundle", bundle()],
    ["rehearsal", rehearsal({ type: "sent", noise: fixtureDigest("noise") })],
    [
      "rehearsal-answer",
      rehearsal({ type: "answer", to: "request", arrived: fixtureDigest("arrived"), bytes: 9000 }),
    ],
    ["plan", plan()],
    ["request", asked],
    ["review", review(asked)],
    ["receipt", signedReceipt()],
    [
      "evidence",
      evidence({
        clearance: clearance(),
        halt: halt(),
        resume: resume(),
        dead: dead(),
        void: voidOf(),
        receipt: signedReceipt(),
      }),
    ],
    ["receipt-refused", receipt(asked, { type: "refused", gate: "G4", rule: "QUORUM_NOT_MET" })],
  ]);
}
