/** Nodes that keep the test waiting: each question to them is answered when the test says so. */
import type { ChainNode } from "../../../src/chains/chain-node.ts";
import { nodeQuorum, type NodeEvent } from "../../../src/nodes/quorum.ts";
import type { FakeNode } from "./fake-nodes.ts";

type Question = keyof ChainNode<unknown>;

/** Whatever can go on without an answer from outside has gone on. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export async function isWaiting(asked: Promise<unknown>): Promise<boolean> {
  let waits = true;
  const over = () => (waits = false);
  asked.then(over, over);
  // A grace, and what follows from it.
  for (let turn = 0; turn < 5; turn++) await rest();
  return waits;
}

/** `node`, of which the questions in `held` are answered only by `answer`, all that are open at once. */
export function slow(node: FakeNode) {
  const held = new Set<Question>();
  const asked: Question[] = [];
  let open: (() => void)[] = [];
  const waiting = new Proxy(node, {
    get(target, name: Question) {
      const member = (target as { readonly [member in Question]?: unknown })[name];
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        asked.push(name);
        if (held.has(name)) await new Promise<void>((resolve) => void open.push(resolve));
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
  const answer = async () => {
    const now = open;
    open = [];
    for (const each of now) each();
    await rest();
  };
  return { node: waiting, held, asked, answer };
}

/** Nodes as one, by the names "one", "two", "three". A grace is over as soon as nothing else can go on. */
export function patient(nodes: readonly FakeNode[], quorum = 2) {
  const events: NodeEvent[] = [];
  let graces = 0;
  const pause = async (signal: AbortSignal) => {
    await rest();
    if (!signal.aborted) graces += 1;
  };
  const names = ["one", "two", "three"];
  const together = nodeQuorum(
    nodes.map((node, place) => ({ name: names[place] ?? "", node })),
    {
      quorum,
      setting: "bitcoind-url",
      meet: (all) => all.flat(),
      observe: (event) => events.push(event),
      pause,
    },
  );
  return Object.assign(together, { events, graces: () => graces });
}
