/** What the nodes said when they were asked last, what they were caught at since, and whom a change of it is told. */
import type { NodeEvent } from "./send-to-all.ts";
import type { Endpoint } from "./endpoint.ts";
import { patienceOf, type Patience, type Pause } from "./gather.ts";
import { survey, type NodeFacts, type Survey } from "./survey.ts";
import { wordsOf } from "./words.ts";

/** Heights at which nodes contradicted each other that are asked for again with every look. */
const SUSPECTS_MAX = 8;

export type Look<Snapshot> = {
  /** Asks all nodes. */
  now(): Promise<Survey<Snapshot>>;
  /** What they said last. Chains only grow, so that it stays a lower bound of what they have. */
  last(): Promise<Survey<Snapshot>>;
  /** Asks all nodes again, of a height as well at which they have contradicted what they share. */
  doubt(height: number): Promise<unknown>;
  /** Has a height asked for with the next looks at which a node, too late to be waited for, contradicted the others. */
  suspect(height: number): void;
  /** With whom is late; each node has one grace a look. */
  readonly patience: Patience & { isLate(name: string): boolean };
  /** Notes what a node was proven to have said falsely of a transaction, or with no `lie` that it does so no more. */
  accuse(name: string, transaction: string, lie: string | undefined): void;
};

export function surveyor<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  {
    quorum,
    observe,
    pause,
  }: { readonly quorum: number; readonly observe: (event: NodeEvent) => void; readonly pause: Pause },
): Look<Snapshot> {
  let last: Survey<Snapshot> | undefined;
  let suspects: readonly number[] = [];
  const lies = new Map<string, { readonly transaction: string; readonly lie: string }>();
  const words = wordsOf();
  const patience = patienceOf(pause);
  const now = async () => {
    patience.forget();
    const asked = await survey(endpoints, { quorum, suspects, words, patience });
    const seen = { ...asked, nodes: asked.nodes.map((facts) => accused(facts, lies.get(facts.name)?.lie)) };
    const { agreed } = seen;
    suspects = suspects.filter((height) => agreed === undefined || height > agreed.height);
    for (const facts of seen.nodes) tell(facts, last, observe);
    if (seen.agreed === undefined && (last === undefined || last.agreed !== undefined))
      observe({ event: "nothing can be concluded", level: "warn", reason: whyNot(seen, quorum) });
    last = seen;
    return seen;
  };
  const suspect = (height: number) => {
    // The lowest ones: what is agreed on lies below each of them.
    suspects = [...new Set([...suspects, height])].sort((a, b) => a - b).slice(0, SUSPECTS_MAX);
  };
  const doubt = async (height: number) => {
    suspect(height);
    return now();
  };
  const accuse = (name: string, transaction: string, lie: string | undefined) => {
    const known = lies.get(name);
    if (lie === undefined && known?.transaction === transaction) lies.delete(name);
    if (lie === undefined || known !== undefined) return;
    lies.set(name, { transaction, lie });
    observe({ event: "node names a false block", level: "error", node: name, reason: lie });
  };
  return { now, last: async () => last ?? now(), doubt, suspect, accuse, patience };
}

/** Its tip may be true all the same, and counts. */
function accused(facts: NodeFacts, lie: string | undefined): NodeFacts {
  return lie === undefined || facts.standing !== "ok" ? facts : { ...facts, standing: "apart", reason: lie };
}

/** A node's standing is told when it changes, not each time that it is looked at. */
function tell<Snapshot>(
  { name, standing, reason }: NodeFacts,
  before: Survey<Snapshot> | undefined,
  observe: (event: NodeEvent) => void,
): void {
  const was = before?.nodes.find((facts) => facts.name === name)?.standing ?? "ok";
  if (was === standing) return;
  if (standing === "ok") observe({ event: "node is back", level: "info", node: name, reason: `was ${was}` });
  else observe({ event: EVENTS[standing], level: "warn", node: name, reason });
}

const EVENTS = {
  behind: "node is behind",
  apart: "nodes disagree",
  failing: "node does not answer",
} as const;

/** Why nothing can be concluded: how many can be listened to, and what is the matter with the others. */
export function whyNot({ nodes, near }: Survey<unknown>, quorum: number): string {
  const odd = nodes
    .filter(({ standing }) => standing !== "ok")
    .map(({ name, reason }) => `${name}: ${reason}`);
  return [`${near.length} of ${nodes.length} nodes can be listened to, ${quorum} must agree`, ...odd].join(
    "; ",
  );
}
