import { EMPTY_FRONTIER, rootOf } from "../../core/audit-tree.ts";
import { addSeconds, seconds } from "../../core/instant.ts";
import { policyDocument, type Policy } from "../../core/policy/policy.ts";
import { NEEDED_KINDS } from "../../core/policy/problems/reading.ts";
import { assertConsistent, POLICY_INCONSISTENT, problemsOf } from "../../core/policy/verify.ts";
import { shellWord } from "../../core/shell-word.ts";
import { countFlag, optionalFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { readPeople, readSignerCards } from "./cards.ts";
import { drawPolicy } from "./draw.ts";
import { readForeignKeys } from "./foreign-keys.ts";
import { activePolicyOf, draftFrom } from "./next.ts";
import { chainRulesOf, onlineRulesOf, personsIn, quorumsOf, rowsOf } from "./rules.ts";
import { vaultOf } from "./vault.ts";
import { assertWallets } from "./wallets.ts";

/** Writes an unsigned policy: the first one of a small custody from cards, or any one from a file that people edited. */
export const run: Run = async (call) => {
  const from = optionalFlag(call.flags, "from");
  const active = from === undefined ? undefined : await activePolicyOf(call);
  const body = from === undefined ? await firstPolicy(call) : await draftFrom(call, from, active);
  const out = requiredFlag(call.flags, "out");
  if (from !== undefined && seconds(body.expires) <= seconds(body.issued)) {
    throw POLICY_INCONSISTENT(`the end in ${from}, ${body.expires}, is past`, {
      field: "expires",
      hint: `custody policy draft --from ${shellWord(from)} --days 365 --out ${shellWord(out)}`,
    });
  }
  assertConsistent(body);
  assertWallets(body);
  const document = policyDocument(body);
  await writeDocument(call, out, document);
  return {
    data: { file: out, digest: document.digest, number: body.number },
    text: drawFacts([
      ["policy", `number ${body.number}, unsigned, written to ${out}`],
      ...drawPolicy(document, active),
    ]),
    warnings: [
      // Drafted at a desk, a successor would be a first policy: nobody's custody, and found out by the signatures alone.
      ...(from !== undefined && active === undefined
        ? [
            "no policy is in force in this home: this is number 1 of a new custody, not the next of an older one",
          ]
        : []),
      ...problemsOf(body).map(({ field, why }) => `${field}: ${why}`),
    ],
    next: `custody desk sign ${shellWord(out)} --as policy --identity NAME.key --out policy.NAME.json   (${
      active === undefined ? "everyone named; at each signer" : "the admins and everyone new; at a new signer"
    }: custody-signer policy prove --in ${shellWord(out)} --out policy.SIGNER.json)`,
  };
};

/**
 * The smallest policy that keeps people apart: whoever approves neither operates nor stands at the signer. What it gives
 * up is said aloud, by the warnings of `policy verify`.
 */
async function firstPolicy(call: Call): Promise<Policy> {
  const { flags, io } = call;
  const cards = await readSignerCards(call);
  const { network } = cards[0];
  const identities = await readPeople(call, network);
  const people = personsIn(identities);
  const wallet = vaultOf(flags, cards, await readForeignKeys(call, network));
  const issued = io.now();
  return {
    kind: "policy",
    version: 1,
    network,
    number: 1,
    issued,
    expires: addSeconds(issued, 86_400 * countFlag(flags, "days", { min: 1, max: 3650, otherwise: 365 })),
    approvalsSince: 1,
    clockToleranceSeconds: 600,
    identities: [...identities],
    signers: cards.map(({ signer, key, epoch, startHead }) => ({
      name: signer,
      key,
      epoch,
      startHead,
      since: 1,
    })),
    wallets: [wallet],
    chains: [chainRulesOf(flags, wallet.chain)],
    rows: [...rowsOf(flags, wallet.chain, wallet.name, people)],
    online: onlineRulesOf(flags, wallet.chain),
    beneficiaries: { lifeSecondsMax: 365 * 86_400, delaySeconds: 0 },
    ...quorumsOf(flags, people),
    conflicts: [
      ["operator", "approver", "officer", "compliance"],
      ["requester", "approver", "officer", "compliance"],
    ],
    audit: { epoch: 1, size: 0, root: rootOf(EMPTY_FRONTIER) },
    accepts: NEEDED_KINDS.map((kind) => ({ kind, versions: [1] })),
  };
}
