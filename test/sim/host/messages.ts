/** What the world and the online host's process say to each other. */
import type { Instant } from "../../../src/core/instant.ts";

export type Program = "custody" | "custody-watcher";

/** One call of a program at the online host. */
export type Call = {
  readonly program: Program;
  readonly argv: readonly string[];
  /** Where its files lie; the programs' home is `home` within. */
  readonly folder: string;
  readonly now: Instant;
  /** Of its random bytes. */
  readonly seed: number;
  /** The process is killed at the point of this number, the first being 1. */
  readonly crashAt?: number | undefined;
};

export type Told =
  /** Keep what is compiled by now, for the processes that come after this one. */
  | { readonly type: "keep" }
  | { readonly type: "call"; readonly call: Call }
  /** To what was asked together, in its order. */
  | { readonly type: "answers"; readonly answers: readonly NodeAnswer[] };

export type NodeAnswer =
  | { readonly type: "answer"; readonly value: unknown }
  | { readonly type: "failure"; readonly error: NodeError };

/** A method of one of the world's nodes. */
export type NodeQuestion = {
  readonly node: number;
  readonly method: string;
  readonly args: readonly unknown[];
};

/** An error of a node, as `src/nodes` throws them. */
export type NodeError = {
  readonly code: string;
  readonly message: string;
  readonly rpcCode?: number | undefined;
};

export type Asked =
  | { readonly type: "ready" }
  | { readonly type: "nodes"; readonly questions: readonly NodeQuestion[] }
  | {
      readonly type: "done";
      readonly exit: number;
      readonly stdout: string;
      readonly stderr: string;
      /** What the process could have been killed at, in order: each write before and after it was made. */
      readonly points: readonly string[];
    };
