/** The online host's process, seen from the world: it is given calls, asks for the chain, and may die at any write. */
import { fork, type ChildProcess } from "node:child_process";
import { assert, AssertionError } from "../../../src/core/errors.ts";
import type { Asked, Call, NodeAnswer, NodeError, NodeQuestion, Told } from "../host/messages.ts";

export type Answer = {
  readonly exit: number;
  /** The envelope's `data`; undefined when it failed without any. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever a command answers
  readonly data: any;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | undefined;
  readonly stderr: string;
  readonly points: readonly string[];
};

/** What a call came to: an answer, or the death of the process at the point that was asked for. */
export type Result = Answer | "crashed";

/** Thrown by a node's method for an error that the host shall see. */
export class NodeTrouble extends Error {
  readonly told: NodeError;
  /** @param rpcCode of an endpoint's JSON-RPC error */
  constructor(code: string, message: string, rpcCode?: number) {
    super(message);
    this.told = { code, message, rpcCode };
  }
}

/** What the world's nodes say. */
export type Nodes = (node: number, method: string, args: readonly unknown[]) => unknown;

/** After so many calls in one life what a process has compiled is worth keeping: first the most of it, then nearly all. */
const KEPT_AFTER: ReadonlySet<number> = new Set([40, 200]);

export class Host {
  private child: ChildProcess | undefined;
  /** Begun ahead of the next death, where deaths are what a test is about. */
  private spare: Promise<ChildProcess> | undefined;
  private readonly bundle: string;
  private calls = 0;
  private readonly kept = new Set<number>();

  /** @param bundle `start.cjs` as `scripts/sim.mjs` makes it */
  constructor(bundle: string) {
    this.bundle = bundle;
  }

  /** Makes one call and waits for its end. */
  async run(call: Call, nodes: Nodes): Promise<Result> {
    const child = this.child ?? (await this.start());
    this.keepCompiled(child);
    return new Promise((resolve, reject) => {
      const over = (work: () => void) => {
        child.off("message", hear).off("exit", end);
        work();
      };
      const hear = (asked: Asked) => {
        // It may be dead before it is answered: its end is told below.
        if (asked.type === "nodes") {
          const answers = asked.questions.map((question) => answerOf(nodes, question));
          child.send({ type: "answers", answers } satisfies Told, () => undefined);
        } else if (asked.type === "done") over(() => resolve(answered(asked)));
      };
      const end = (code: number | null, signal: string | null) => {
        this.child = undefined;
        const expected = signal === "SIGKILL" && call.crashAt !== undefined;
        over(() =>
          expected
            ? resolve("crashed")
            : reject(new AssertionError(`the host's process ended by itself: ${signal ?? code}`)),
        );
      };
      child.on("message", hear).on("exit", end);
      child.send({ type: "call", call } satisfies Told);
    });
  }

  /** From now on the next process is begun while the last one still lives. */
  async keepSpare(): Promise<void> {
    this.spare ??= this.begin();
    await this.spare;
  }

  close(): void {
    this.child?.disconnect();
    this.child = undefined;
    void this.spare?.then((spare) => spare.disconnect());
    this.spare = undefined;
  }

  private keepCompiled(child: ChildProcess): void {
    this.calls += 1;
    if (!KEPT_AFTER.has(this.calls) || this.kept.has(this.calls)) return;
    this.kept.add(this.calls);
    child.send({ type: "keep" } satisfies Told);
  }

  private async start(): Promise<ChildProcess> {
    this.calls = 0;
    const spare = this.spare;
    this.child = await (spare ?? this.begin());
    if (spare !== undefined) this.spare = this.begin();
    return this.child;
  }

  private begin(): Promise<ChildProcess> {
    const child = fork(this.bundle, [], {
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("message", () => resolve(child));
    });
  }
}

function answerOf(nodes: Nodes, { node, method, args }: NodeQuestion): NodeAnswer {
  try {
    return { type: "answer", value: nodes(node, method, args) };
  } catch (error) {
    if (error instanceof NodeTrouble) return { type: "failure", error: error.told };
    throw error;
  }
}

function answered({ exit, stdout, stderr, points }: Extract<Asked, { type: "done" }>): Answer {
  assert(stdout.endsWith("\n"), `an answer is one line of JSON: ${stdout}${stderr}`);
  const { data, error } = JSON.parse(stdout.trimEnd()) as Pick<Answer, "data" | "error">;
  return { exit, data, error, stderr, points };
}

/** What an answer says, in a line of the story. */
export function toldOf({ exit, error, data }: Answer): string {
  if (error !== undefined) return `${error.code}: ${error.message}`.slice(0, 200);
  const facts = ["id", "plan", "state", "effect"].flatMap((name) =>
    typeof data?.[name] === "string" ? [`${name} ${data[name]}`] : [],
  );
  return exit === 0 ? ["ok", ...facts].join(", ") : `exit ${exit}`;
}
