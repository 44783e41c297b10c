/**
 * A signer of the bench in lockstep with the built program: whatever is done to the one is done to the other, on a disk.
 * After each step both have given the same answer, the same document byte for byte, and have the same journal.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { documentBytes } from "../../../src/core/document.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { VoidDocument } from "../../../src/core/documents/void.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { concatBytes } from "../../../src/core/hex.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { policyDocument, type Policy } from "../../../src/core/policy/policy.ts";
import type { Word } from "../../../signer/journal/import.ts";
import { lineBytes } from "../../../signer/journal/journal.ts";
import { fixtureDigest } from "../../factory/identities.ts";
import { ADA, makeHouse, SIGNERS, type House, type SignerKeys } from "./house.ts";
import { Machine, said, type Answer } from "./machine.ts";
import { Program } from "./program.ts";
import { NOW, type Stage } from "./stage.ts";

/** What the officer confirms where no review was shown: the program must refuse before it looks at that. */
const NOTHING = fixtureDigest("no review");

export class ProcessMachine extends Machine {
  private readonly program: Program;

  constructor(house: House, keys: SignerKeys, clock: Instant) {
    super(house, keys, clock);
    this.program = pinnedProgram(house, keys).copy();
    this.assertSameJournal();
  }

  override offer(bytes: Uint8Array): Answer {
    const { logbook } = this;
    const answer = super.offer(bytes);
    this.program.write("request.json", bytes);
    const { officer, pass } = this.program;
    const confirmation = ["--confirm", this.reviewed ?? NOTHING, "--logbook", logbook];
    const files = ["--in", "request.json", "--out", "receipt.json"];
    const code = this.run("sign", ...files, ...confirmation, ...officer, ...pass);
    expect(code).toBe(answer.type === "refused" ? `${answer.gate}_${answer.rule}` : "none");
    this.assertAnswered("receipt.json", answer.receipt && documentBytes(answer.receipt), said(answer));
    return answer;
  }

  override pin(next: House): void {
    this.program.writeDocument("policy.json", next.policy);
    const confirm = ["--confirm", next.policy.digest];
    const book = ["--logbook", this.logbook];
    this.both(
      () => super.pin(next),
      () => this.run("policy", "pin", "--in", "policy.json", ...confirm, ...book, ...this.program.pass),
    );
    this.assertSameJournal();
  }

  override import(word: Word): void {
    this.program.writeDocument("word.json", word);
    const book = ["--logbook", this.logbook];
    this.both(
      () => super.import(word),
      () => this.run("import", "word.json", ...book, ...this.program.pass),
    );
    this.assertSameJournal();
  }

  override void(intent: IntentDocument): VoidDocument {
    this.program.writeDocument("intent.json", intent);
    const book = ["--logbook", this.logbook];
    const files = ["--in", "intent.json", "--out", "void.json", "--confirm", intent.digest, ...book];
    const document = this.both(
      () => super.void(intent),
      () => this.run("void", ...files, ...this.program.pass),
    );
    this.assertAnswered("void.json", documentBytes(document), "void");
    return document;
  }

  /** The journal's file goes back to the bytes that it had. */
  override rollBack(entries: number): void {
    super.rollBack(entries);
    const { journalFile } = this.program.home;
    const bytes = readFileSync(journalFile);
    let end = 0;
    for (let line = 0; line < entries; line++) end = bytes.indexOf("\n", end) + 1;
    writeFileSync(journalFile, bytes.subarray(0, end));
    this.assertSameJournal();
  }

  /** Code with which the program refuses to vouch for `policy` as one that names it. */
  proves(policy: Policy): string {
    this.program.writeDocument("draft.json", policyDocument(policy));
    const files = ["--in", "draft.json", "--out", "proof.json"];
    const code = this.run("policy", "prove", ...files, ...this.program.pass);
    expect(this.program.take("proof.json") === undefined).toBe(code !== "none");
    return code;
  }

  private run(...args: readonly string[]): string {
    return this.program.run(this.clock, ...args);
  }

  // What one throws the other must have said; a fault of either is thrown on.
  private both<Value>(here: () => Value, there: () => string): Value {
    const code = there();
    try {
      const value = here();
      expect(code).toBe("none");
      return value;
    } catch (error) {
      if (error instanceof CustodyError) expect(code).toBe(error.code);
      throw error;
    }
  }

  // A refusal at the door, before the operator is known, is no answer: no file, no journal entry.
  private assertAnswered(file: string, bytes: Uint8Array | undefined, what: string): void {
    const written = this.program.take(file);
    expect(written && text(written), what).toBe(bytes && text(bytes));
    this.assertSameJournal();
  }

  private assertSameJournal(): void {
    const file = readFileSync(this.program.home.journalFile);
    expect(text(file)).toBe(text(concatBytes(...this.journal.lines.map(lineBytes))));
  }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

const pinned = new Map<string, Program>();

// The program pins once for each signer and policy; machines in that state begin with copies of its disk.
function pinnedProgram(house: House, keys: SignerKeys): Program {
  const name = `${keys.who.key} ${house.policy.digest}`;
  const known = pinned.get(name);
  if (known !== undefined) return known;
  const program = Program.born(keys);
  const files = house.policies.flatMap((policy, place) => {
    program.writeDocument(`policy-${place + 1}.json`, policy);
    return ["--in", `policy-${place + 1}.json`];
  });
  const admin = ["--admin", `${ADA.name}=${ADA.key}`, "--confirm", house.policy.digest];
  expect(program.run(NOW, "policy", "pin", ...files, ...admin, ...program.pass)).toBe("none");
  pinned.set(name, program);
  return program;
}

const HOUSE = makeHouse();

/** Machines that are programs. */
export const PROCESSES: Stage = {
  machine: (house, keys = SIGNERS[0]) => new ProcessMachine(house, keys, NOW),
  refusalOf: (policy) => new ProcessMachine(HOUSE, SIGNERS[0], NOW).proves(policy),
};
