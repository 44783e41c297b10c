/** What is fuzzed: a decoder, valid inputs of it, and how these are spoilt. */
import { randomOf, type Random } from "../attack/bench/random.ts";

/** Makes an input of a valid one. It has the other samples at hand, to take pieces from. */
export type Mutate = (random: Random, sample: Uint8Array, samples: readonly Uint8Array[]) => Uint8Array;

/** What the accepted input is written as again, where a format has one spelling; it must be the input, byte for byte. */
export type Again = Uint8Array | undefined;

export type Target = {
  readonly name: string;
  /** Inputs that are accepted; made when the target is first run. */
  readonly samples: () => readonly Uint8Array[];
  readonly mutate: Mutate;
  /** Throws typed errors and nothing else. A broken promise, such as two answers to one input, is thrown as `Broken`. */
  readonly decode: (input: Uint8Array) => Again | Promise<Again>;
  /** Cases in the test command. */
  readonly cases: number;
  /** CPU time of one case; 1 second where nothing is said. */
  readonly cpuSecondsMax?: number;
  /** Memory that one case may take; 128 MiB where nothing is said. */
  readonly megabytesMax?: number;
};

/** A promise of the decoder that an input has broken. It is no typed error, so that the judge counts it as a finding. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** @throws Broken unless `condition` */
export function promised(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Samples made once, when they are first asked for. */
export function once(make: () => readonly Uint8Array[]): () => readonly Uint8Array[] {
  let made: readonly Uint8Array[] | undefined;
  return () => (made ??= make());
}

/**
 * Input number `number` of a run with `seed`: first the samples as they are, then spoilt ones. Each has a generator of its
 * own, so that one case can be had again without those before it.
 */
export function inputOf(target: Target, seed: number, number: number): Uint8Array {
  const samples = target.samples();
  const plain = samples[number];
  if (plain !== undefined) return Uint8Array.from(plain);
  const random = randomOf(mixed(`${target.name} ${seed} ${number}`));
  return Uint8Array.from(target.mutate(random, random.of(samples), samples));
}

/** FNV-1a of 32 bits: neighbouring numbers give generators that have nothing in common. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}
