import { documentBytes } from "../../../src/core/document.ts";
import { declareError } from "../../../src/core/errors.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { headOf } from "../../../src/core/journal-entry.ts";
import { custodyId, type PolicyDocument } from "../../../src/core/policy/policy.ts";
import { assertGenesisSigned } from "../../../src/core/policy/verify.ts";
import { checkWords, fullWords } from "../../../src/core/words.ts";
import { compareAdmins } from "../../../src/terminal/admins.ts";
import { optionalFlag, type Call, type Run } from "../../../src/terminal/command.ts";
import { writeFileDurably } from "../../../src/terminal/files.ts";
import { confirm } from "../../../src/terminal/prompt.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { CANCELLED } from "../../../src/terminal/prompt.ts";
import { appendJournal, tornWarnings } from "../../journal/journal-file.ts";
import { makeLine } from "../../journal/journal.ts";
import { takeLock } from "../../journal/lock.ts";
import { homeOfCall, policyFile } from "../../keystore/home.ts";
import { openKeyRing } from "../../keystore/key-ring.ts";
import { load, loadSeeds, type Loaded } from "../../keystore/load.ts";
import { chainSigner } from "../../sign/chains.ts";
import { assertConfirmFlag } from "../confirm-flag.ts";
import { openSigner, type OpenSigner } from "../open-identity.ts";
import { readPolicy } from "./draft.ts";

export const POLICY_PINNED = declareError(
  "POLICY_PINNED",
  "conflict",
  "This signer has already pinned a policy.",
);
export const POLICY_NOT_IN_FORCE = declareError(
  "POLICY_NOT_IN_FORCE",
  "denied",
  "A policy has expired, or is issued in the future.",
);
export const WALLET_KEY_ELSEWHERE = declareError(
  "WALLET_KEY_ELSEWHERE",
  "denied",
  "A policy says that this signer signs for a wallet whose key it does not hold.",
);

/** Believes a policy from now on, once everyone named has signed it and the officer has compared the admins' keys. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const lock = takeLock(call.io, home.lockFile);
  try {
    const loaded = load(home);
    assertUnpinned(loaded);
    const policy = await readPolicy(call, loaded);
    assertGenesisSigned(policy);
    assertInForce(call, policy);
    await compareAdmins(call, policy.body);
    await confirmCustody(call, policy);
    const open = await openSigner(call, loaded.signer);
    try {
      assertHoldsKeys(policy, loaded, open);
      lock.assertHeld();
      return pin(call, policy, loaded, open);
    } finally {
      open.wipe();
    }
  } finally {
    lock.release();
  }
};

function pin({ io, dryRun }: Call, policy: PolicyDocument, { home, read }: Loaded, open: OpenSigner) {
  const line = makeLine(read.journal, "pin", policy.digest, policy.body.issued, open.seed);
  if (!dryRun) {
    // The file first: an entry without its policy would leave a signer that knows what it pinned and cannot read it.
    writeFileDurably(policyFile(home, policy.body.number), documentBytes(policy), true, io.random(8));
    appendJournal(home.journalFile, read, line);
  }
  const custody = custodyId(policy);
  const head = headOf(line.entry);
  return {
    data: { number: policy.body.number, custody, words: fullWords(custody), head, pinned: !dryRun },
    text: drawFacts([
      [
        "policy",
        `number ${policy.body.number}, ${policy.body.network}, ${dryRun ? "would be pinned" : "pinned"}`,
      ],
      ["custody id", grouped(custody)],
      ["in words", fullWords(custody)],
      ["journal head", grouped(head)],
    ]),
    warnings: [
      ...tornWarnings(read),
      "write the journal head into the logbook that is kept apart from this machine",
    ],
    next: "custody-signer review --in request.json   (once the online host has exported a request)",
  };
}

function assertUnpinned({ policy }: Loaded): void {
  if (policy === undefined) return;
  throw POLICY_PINNED(`policy number ${policy.body.number} is pinned already`, {
    field: "policy",
    hint: "custody-signer policy show",
  });
}

// Its issue becomes journal time, so a policy from the future would expire everything at its makers' will (law 12).
function assertInForce({ io }: Call, { body }: PolicyDocument): void {
  const now = io.now();
  if (now <= body.expires && body.issued <= addSeconds(now, body.clockToleranceSeconds)) return;
  throw POLICY_NOT_IN_FORCE(
    `the policy is in force from ${body.issued} to ${body.expires}, the clock says ${now}`,
    {
      field: "policy.expires",
      hint: "set the machine's clock to the right UTC time, or draft the policy again",
    },
  );
}

// Attack B5: a wallet registered with a stranger's key in the place of ours.
function assertHoldsKeys({ body }: PolicyDocument, { home, signer }: Loaded, open: OpenSigner): void {
  const ring = openKeyRing(loadSeeds(home), open.passphrase);
  try {
    for (const wallet of body.wallets) {
      const holds = chainSigner(wallet.chain).holdsKey(wallet, home.network, ring);
      if (holds === wallet.signers.includes(signer.name)) continue;
      throw WALLET_KEY_ELSEWHERE(
        holds
          ? `wallet ${wallet.name} has a key of ours, but does not name ${signer.name} as its signer`
          : `wallet ${wallet.name} names ${signer.name} as its signer, but no seed here holds its key`,
        {
          field: `wallets.${wallet.name}`,
          hint: "custody-signer keys list, then draft the policy with this signer's card",
        },
      );
    }
  } finally {
    ring.wipe();
  }
}

async function confirmCustody(call: Call, policy: PolicyDocument): Promise<void> {
  const custody = custodyId(policy);
  const given = optionalFlag(call.flags, "confirm");
  if (given !== undefined) return assertConfirmFlag(given, custody, policy.body.network, "the custody id");
  call.io.stderr.write(
    drawFacts([
      ["custody id", grouped(custody)],
      ["in words", fullWords(custody)],
      ["check words", checkWords(custody)],
    ]),
  );
  if (await confirm(call.io, "Do all 24 words stand on the admins' screens too?", "--confirm")) return;
  throw CANCELLED("not confirmed; nothing was pinned");
}
