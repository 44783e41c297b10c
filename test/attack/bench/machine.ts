/** One signer as `custody-signer` runs it, without files: gates, an officer who confirms what is shown, journal. */
import type { Digest } from "../../../src/core/digest.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import type { VoidDocument } from "../../../src/core/documents/void.ts";
import { Refusal, type Gate } from "../../../src/core/gate.ts";
import { headOf } from "../../../src/core/journal-entry.ts";
import type { Instant } from "../../../src/core/instant.ts";
import type { PolicyDocument } from "../../../src/core/policy/policy.ts";
import { assertSuccession } from "../../../src/core/policy/succession.ts";
import { assertConsistent } from "../../../src/core/policy/verify.ts";
import { readContainer } from "../../../signer/gates/g1-container.ts";
import { confirm } from "../../../signer/gates/g11-confirm.ts";
import { refuse, signConfirmed } from "../../../signer/gates/g12-sign.ts";
import { admit, judge, type Admitted } from "../../../signer/gates/pass.ts";
import type { SignerState } from "../../../signer/gates/state.ts";
import { voidFamily } from "../../../signer/gates/void.ts";
import {
  importLines,
  judgeWords,
  knownWords,
  rejectionsIn,
  type Word,
} from "../../../signer/journal/import.ts";
import {
  EMPTY_JOURNAL,
  makeLine,
  withLine,
  type Journal,
  type JournalLine,
} from "../../../signer/journal/journal.ts";
import { pinnedPolicyOf, signedReceiptOf } from "../../../signer/journal/memory.ts";
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

/** What an answer says, in short. */
export const said = (answer: Answer): string =>
  answer.type === "refused" ? `${answer.gate} ${answer.rule}` : answer.type;

export class Machine {
  readonly keys: SignerKeys;
  /** The house as the policy that is pinned here says it is. */
  house: House;
  journal: Journal;
  clock: Instant;
  /** The head in the book that the officer keeps apart from the machine. */
  logbook: Digest;
  private readonly earlier: House[] = [];
  /** The review that the officer was shown last: what there is to confirm. */
  protected reviewed: Digest | undefined;

  /** @param house whose policies, from number 1 to the newest, are pinned here */
  constructor(house: House, keys: SignerKeys, clock: Instant) {
    this.house = house;
    this.keys = keys;
    this.clock = clock;
    const pin = (journal: Journal, policy: PolicyDocument) =>
      withLine(journal, pinLine(journal, policy, keys));
    this.journal = house.policies.reduce(pin, keys.born);
    this.logbook = this.journal.head;
  }

  get state(): SignerState {
    const { policy, custody } = this.house;
    const { who, epoch, born } = this.keys;
    const [first] = born.lines;
    return {
      network: "regtest",
      custody,
      policy,
      self: {
        name: who.name,
        key: who.key,
        epoch,
        startHead: headOf((first as NonNullable<typeof first>).entry),
      },
      journal: this.journal,
      clock: this.clock,
      officer: OLGA.key,
    };
  }

  /** The whole path of a request, with the officer at hand. Whatever is no refusal is a defect and is thrown. */
  offer(bytes: Uint8Array): Answer {
    this.reviewed = undefined;
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

  private answer(admitted: Admitted): Answer {
    const { state } = this;
    try {
      const approved = judge(admitted, state);
      this.reviewed = approved.review.digest;
      confirm(approved, { digest: approved.review.digest, logbook: this.logbook }, state);
      const keys = { wallets: this.keys.ring, signer: this.keys.who.seed, officer: OLGA.seed };
      const { receipt, line } = signConfirmed(approved, keys, state);
      this.note(line);
      return { type: "signed", receipt };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A no that stands in the request is kept, so that the host cannot leave it out of the next one (law 13).
      const { parts } = admitted.container;
      const { seed } = this.keys.who;
      const noes = importLines(this.journal, rejectionsIn(parts, knownWords(this.journal), state), seed);
      this.append(...noes);
      const { receipt, line } = refuse(admitted.container.request, error, seed, this.state);
      this.append(line);
      return { type: "refused", gate: error.gate, rule: error.rule, receipt };
    }
  }

  /** Pins the policy that comes after the one pinned here. @throws what succession says */
  pin(next: House): void {
    assertConsistent(next.policy.body);
    assertSuccession(this.house.policy, next.policy, []);
    this.note(pinLine(this.journal, next.policy, this.keys));
    this.earlier.push(this.house);
    this.house = next;
  }

  /** Takes over what a person has said. @throws IMPORT_UNENTITLED and what else `judgeWords` says */
  import(word: Word): void {
    const news = judgeWords([word], knownWords(this.journal), this.state);
    this.note(...importLines(this.journal, news, this.keys.who.seed));
  }

  /** Closes the family of `intent` for ever. @throws Refusal */
  void(intent: IntentDocument): VoidDocument {
    const { document, line } = voidFamily(intent, this.keys.who.seed, this.state);
    if (line !== undefined) this.note(line);
    return document;
  }

  /** The disk goes back to the first `entries` entries; the book apart from it does not. */
  rollBack(entries: number): void {
    this.journal = this.journal.lines.slice(0, entries).reduce(withLine, EMPTY_JOURNAL);
    const pinned = pinnedPolicyOf(this.journal);
    this.house = [...this.earlier, this.house].find(({ policy }) => policy.digest === pinned) ?? this.house;
  }

  // What was compared with the book goes on in it; a refusal was not, and has none to print.
  private note(...lines: readonly JournalLine[]): void {
    this.append(...lines);
    if (lines.length > 0) this.logbook = this.journal.head;
  }

  private append(...lines: readonly JournalLine[]): void {
    this.journal = lines.reduce(withLine, this.journal);
  }
}

// As `custody-signer policy pin` writes it: at the policy's own time, because no clock reading is remembered (law 12).
function pinLine(journal: Journal, { digest, body }: PolicyDocument, { who }: SignerKeys): JournalLine {
  return makeLine(journal, "pin", digest, body.issued, who.seed);
}
