/** Runs a request through the signer's gates as `custody-signer` does, without files. */
import type { Digest } from "../../src/core/digest.ts";
import { documentBytes } from "../../src/core/document.ts";
import type { RequestDocument } from "../../src/core/documents/request.ts";
import type { Approved } from "../../signer/gates/approved.ts";
import { readContainer } from "../../signer/gates/g1-container.ts";
import { confirm } from "../../signer/gates/g11-confirm.ts";
import { signConfirmed, type Written } from "../../signer/gates/g12-sign.ts";
import { admit, judge } from "../../signer/gates/pass.ts";
import type { SignerState } from "../../signer/gates/state.ts";
import { withLine } from "../../signer/journal/journal.ts";
import { openKeys } from "./custody.ts";

/** G1 to G10. */
export function reviewed(request: RequestDocument | Uint8Array, state: SignerState): Approved {
  const bytes = request instanceof Uint8Array ? request : documentBytes(request);
  return judge(admit(readContainer(bytes, state.network), state), state);
}

/** G1 to G12 with an officer who confirms what is shown and whose logbook is right. */
export function signed(
  request: RequestDocument | Uint8Array,
  state: SignerState,
  confirmation: { readonly digest?: Digest; readonly logbook?: Digest } = {},
): Written {
  const approved = reviewed(request, state);
  const logbook = confirmation.logbook ?? state.journal.head;
  confirm(approved, { digest: confirmation.digest ?? approved.review.digest, logbook }, state);
  return signConfirmed(approved, openKeys(), state);
}

/** The state after `written` was journalled. */
export function after(state: SignerState, { line }: Written): SignerState {
  return { ...state, journal: withLine(state.journal, line) };
}
