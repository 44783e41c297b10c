/**
 * What a desk says of a document: one object, drawn as text and given as JSON, so that nobody is shown two descriptions.
 * For 80 columns, and nothing is shortened: an attacker picks addresses whose ends look right (failure F22).
 */
import type { ChalkInstance } from "chalk";
import type { JsonObject } from "../core/canonical.ts";
import type { Network } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { Instant } from "../core/instant.ts";
import { visibleText } from "../core/text.ts";
import { cellsOf, padCells } from "./cells.ts";
import { grouped, wrapped } from "./table.ts";

export type Fact = readonly [label: string, value: string];
export type Facts = readonly Fact[];
/** A fact of a reading; an alarm says no, or that something is not what it seems. */
export type Finding = Fact | readonly [label: string, value: string, tone: "alarm"];

/** Somebody whose signature is valid and counts under the pinned policy. */
export type SignedBy = { readonly name: string; readonly as: string; readonly at: Instant };

/** An intent like the one in hand that came before it. */
export type Earlier = {
  /** Seen: this desk remembers it. Said: hearsay, the online host may leave out or invent. */
  readonly source: "seen here" | "says the online host";
  readonly at: Instant;
  readonly amount: string;
  readonly to: string;
  /** What became of it. */
  readonly what: string;
  /** People are warned of it: paying twice looks like this. */
  readonly twin: boolean;
};

export type Reading = {
  readonly kind: string;
  readonly network: Network;
  /** What a signature is about. */
  readonly digest: Digest;
  /** Its check words. */
  readonly words: string;
  /** The first is the effect. */
  readonly facts: readonly Finding[];
  readonly signed: readonly SignedBy[];
  readonly missing: readonly string[];
  /** Which decision an intent waits for first, if for any. */
  readonly waitsFor?: "approve" | "release" | "clear" | undefined;
  readonly similar: readonly Earlier[];
  readonly warnings: readonly string[];
};

const WIDTH = 80;

/** A longer label, as the changed fields of a policy have, stands before its value and not beside it. */
const LABEL_MAX = 20;
const HANGING = "    ";

/** @param paint colours of the stream that it is written to */
export function drawReading(reading: Reading, paint: ChalkInstance): string {
  const { facts, missing, similar, warnings, network } = reading;
  const [effect, ...others] = facts;
  const labels = ["check words", ...facts.map(([name]) => name)];
  const label = Math.max(...labels.map(cellsOf).filter((length) => length <= LABEL_MAX));
  const plain = (text: string) => text;
  return [
    ...(network === "mainnet"
      ? [paint.bgRed.white.bold(" MAINNET ".padStart(44, "=").padEnd(WIDTH, "="))]
      : []),
    ...(effect === undefined ? [] : drawn(effect, label, paint.bold)),
    ...others.flatMap((fact) => drawn(fact, label, fact[2] === "alarm" ? paint.red : plain)),
    ...missing.flatMap((what) => drawn(["missing", what], label, plain)),
    ...drawn(["digest", grouped(reading.digest)], label, plain),
    ...drawn(["check words", reading.words], label, paint.bold),
    ...similar.flatMap((one) => drawn(["similar", earlierText(one)], label, one.twin ? paint.yellow : plain)),
    ...warnings.flatMap((warning) => drawn(["WARNING", warning], label, paint.yellow)),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** The reading as the data of an envelope. */
export function readingData(reading: Reading): JsonObject {
  const { facts, signed, missing, waitsFor, similar, warnings, ...rest } = reading;
  return {
    ...rest,
    facts: facts.map(([label, value]) => ({ label, value })),
    signed: signed.map((one) => ({ ...one })),
    missing: [...missing],
    ...(waitsFor === undefined ? {} : { waitsFor }),
    similar: similar.map((one) => ({ ...one })),
    warnings: [...warnings],
  };
}

function drawn([label, value]: Finding, width: number, paint: (text: string) => string): readonly string[] {
  const text = visibleText(value);
  if (cellsOf(label) > LABEL_MAX) {
    const lines = wrapped(`${label}  ${text}`, WIDTH - HANGING.length);
    return lines.map((line, index) => paint(`${index === 0 ? "" : HANGING}${line}`));
  }
  const lines = wrapped(text, WIDTH - width - 2);
  return lines.map((line, index) => paint(`${padCells(index === 0 ? label : "", width)}  ${line}`));
}

function earlierText({ at, amount, to, what, source }: Earlier): string {
  return `${at} ${amount} to ${to}: ${what} (${source})`;
}
