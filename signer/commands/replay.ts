import { parseDocument } from "../../src/core/document.ts";
import { RECEIPT, type ReceiptDocument } from "../../src/core/documents/receipt.ts";
import { declareError } from "../../src/core/errors.ts";
import { Refusal } from "../../src/core/gate.ts";
import { parseInstant } from "../../src/core/instant.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { optionalFlag, requiredFlag, type Call, type Run } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { drawFacts, grouped } from "../../src/terminal/table.ts";
import { readContainer, type Container } from "../gates/g1-container.ts";
import { confirm } from "../gates/g11-confirm.ts";
import { refuse, signConfirmed, type RungRange } from "../gates/g12-sign.ts";
import { admit, judge } from "../gates/pass.ts";
import type { SignerState } from "../gates/state.ts";
import { homeOfCall } from "../keystore/home.ts";
import { load, type Loaded } from "../keystore/load.ts";
import { openSigner, type OpenSigner } from "./open-identity.ts";
import { openWallets } from "./open-seeds.ts";
import { differenceIn } from "./receipt-difference.ts";
import { stateBefore } from "./state-before.ts";

export const REPLAY_DIFFERS = declareError(
  "REPLAY_DIFFERS",
  "verification",
  "A request, judged and signed again, gives another receipt than the one that was written.",
);

/**
 * Judges and signs a request again in the state before its receipt, on another build or another host with the same
 * seed, and compares all but the identity signatures. A signer that slipped words into its signatures, or that signed
 * what another build would refuse, is found out (attack B22). Nothing is remembered, nothing written.
 */
export const run: Run = async (call) => {
  const loaded = load(homeOfCall(call));
  const { network } = loaded.home;
  const container = readContainer(await read(call, "in", LIMITS.documentBytesMax), network);
  const receipt = parseDocument(RECEIPT, await read(call, "receipt", LIMITS.documentBytesMax));
  const at = optionalFlag(call.flags, "at");
  const state = await stateBefore(
    call,
    loaded,
    container,
    receipt,
    at === undefined ? undefined : parseInstant(at, "--at"),
  );
  const open = await openSigner(call, loaded.signer);
  try {
    const again = await signAgain(call, container, state, receipt, loaded, open);
    const field = differenceIn(receipt, again);
    if (field !== undefined) throw differs(field, again);
  } finally {
    open.wipe();
  }
  const { outcome, request } = receipt.body;
  return {
    data: { same: true, request, receipt: receipt.digest, outcome: outcome.type },
    text: drawFacts([
      ["replay", `the same ${outcome.type === "signed" ? "signatures" : "refusal"}, byte for byte`],
      ["receipt", grouped(receipt.digest)],
    ]),
  };
};

async function read({ io, flags }: Call, flag: string, bytesMax: number): Promise<Uint8Array> {
  return readCarried(io, requiredFlag(flags, flag), bytesMax, `--${flag}`);
}

async function signAgain(
  call: Call,
  container: Container,
  state: SignerState,
  receipt: ReceiptDocument,
  loaded: Loaded,
  open: OpenSigner,
): Promise<ReceiptDocument> {
  const wallets = await openWallets(call, loaded.home, open);
  try {
    const approved = judge(admit(container, state), state);
    confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
    // Neither the officer nor the other signer is here; theirs are the signatures that are not compared.
    const keys = { wallets, signer: open.seed, officer: open.seed };
    return signConfirmed(approved, keys, state, rungsOf(receipt)).receipt;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(container.request, error, open.seed, state).receipt;
  } finally {
    wallets.wipe();
  }
}

// The rungs that were asked for then: every plan has those of the range that it has.
function rungsOf({ body: { outcome } }: ReceiptDocument): RungRange | undefined {
  if (outcome.type !== "signed") return undefined;
  const places = outcome.plans.flatMap(({ rungs }) =>
    rungs.flatMap(({ rung }) => (rung === "cancel" ? [] : [rung])),
  );
  return { from: Math.min(...places), to: Math.max(...places) };
}

function differs(field: string, { body: { outcome } }: ReceiptDocument) {
  const refusal =
    outcome.type === "refused" ? `; here it is refused at ${outcome.gate}, ${outcome.rule}` : "";
  return REPLAY_DIFFERS(`the receipt differs at ${field}${refusal}`, {
    field,
    hint: "stop using that signer until you know why; if it is the time, give the clock of then: --at TIME",
  });
}
