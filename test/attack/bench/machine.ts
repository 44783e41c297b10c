/** One signer as `custody-signer sign` runs it, without files: gates, an officer who confirms what is shown, journal. */
import type { Digest } from "../../../src/core/digest.ts";
import type { ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import { Refusal, type Gate } from "../../../src/core/gate.ts";
import { headOf } from "../../../src/core/journal-entry.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { readContainer } from "../../../signer/gates/g1-container.ts";
import { confirm } from "../../../signer/gates/g11-confirm.ts";
import { refuse, signConfirmed, type Written } from "../../../signer/gates/g12-sign.ts";
import { admit, judge } from "../../../signer/gates/pass.ts";
import type { SignerState } from "../../../signer/gates/state.ts";
import {
  EMPTY_JOURNAL,
  makeLine,
  withLine,
  type Journal,
  type JournalDocument,
} from "../../../signer/journal/journal.ts";
import { signedReceiptOf } from "../../../signer/journal/memory.ts";
import { OLGA, type House, type SignerKeys } from "./house.ts";

/** What a signer says. `again`: the receipt that it gave to this very request before. */
export type Answer =
  | { readonly type: "signed" | "again"; readonly receipt: ReceiptDocument }
  | {
      readonly type: "refused";
      readonly gate: Gate;
      readonly rule: string;
      readonly receipt?: ReceiptDocument;
    };

export class Machine {
  readonly keys: SignerKeys;
  readonly house: House;
  journal: Journal;
  clock: Instant;
  /** The head in the book that the officer keeps apart from the machine. */
  logbook: Digest;

  constructor(house: House, keys: SignerKeys, clock: Instant) {
    this.house = house;
    this.keys = keys;
    this.clock = clock;
    const pin = makeLine(keys.born, "pin", house.policy.digest, house.policy.body.issued, keys.who.seed);
    this.journal = withLine(keys.born, pin);
    this.logbook = this.journal.head;
  }

  get state(): SignerState {
    const { policy, custody } = this.house;
    const { name, key } = this.keys.who;
    const [first] = this.keys.born.lines;
    return {
      network: "regtest",
      custody,
      policy,
      self: { name, key, epoch: 1, startHead: headOf((first as NonNullable<typeof first>).entry) },
      journal: this.journal,
      clock: this.clock,
      officer: OLGA.key,
    };
  }

  /** The whole path of a request, with the officer at hand. Whatever is no refusal is a defect and is thrown. */
  offer(bytes: Uint8Array): Answer {
    try {
      const container = readContainer(bytes, "regtest");
      const earlier = signedReceiptOf(this.journal, container.request.digest);
      if (earlier !== undefined) return { type: "again", receipt: earlier };
      const admitted = admit(container, this.state);
      return this.answer(admitted);
    } catch (error) {
      if (error instanceof Refusal) return { type: "refused", gate: error.gate, rule: error.rule };
      throw error;
    }
  }

  private answer(admitted: ReturnType<typeof admit>): Answer {
    const { state } = this;
    try {
      const approved = judge(admitted, state);
      confirm(approved, { digest: approved.review.digest, logbook: this.logbook }, state);
      const keys = { wallets: this.keys.ring, signer: this.keys.who.seed, officer: OLGA.seed };
      const written = signConfirmed(approved, keys, state);
      this.write(written);
      return { type: "signed", receipt: written.receipt };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const written = refuse(admitted.container.request, error, this.keys.who.seed, state);
      this.write(written);
      return { type: "refused", gate: error.gate, rule: error.rule, receipt: written.receipt };
    }
  }

  /** Takes over a person's no, as `custody-signer import` does once it has judged it. */
  import(document: JournalDocument): void {
    const { journal, keys } = this;
    this.append(makeLine(journal, "import", document.digest, journal.time, keys.who.seed, document));
  }

  /** The disk goes back to the first `entries` entries; the book apart from it does not. */
  rollBack(entries: number): void {
    this.journal = this.journal.lines.slice(0, entries).reduce(withLine, EMPTY_JOURNAL);
  }

  private write({ line }: Written): void {
    this.append(line);
  }

  private append(line: Journal["lines"][number]): void {
    this.journal = withLine(this.journal, line);
    this.logbook = this.journal.head;
  }
}
