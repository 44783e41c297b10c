/** Sending to several nodes: the same bytes to all, for one that takes them is enough and none is harmed by having them. */
import type { BroadcastOutcome, ChainNode } from "../chains/chain-node.ts";
import { CustodyError } from "../core/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { answersOf, type Patience } from "./gather.ts";

/** What a log should hear. `node` where it is about one of them. */
export type NodeEvent = {
  readonly event: string;
  readonly level: "info" | "warn" | "error";
  readonly node?: string;
  readonly reason: string;
};

/** Through a node that relays packages; through another one by one, parents first: what it takes alone it takes. */
export async function sendPackage<Snapshot>(
  node: ChainNode<Snapshot>,
  bytes: readonly Uint8Array[],
): Promise<BroadcastOutcome> {
  if (node.broadcastPackage !== undefined) return node.broadcastPackage(bytes);
  let outcome: BroadcastOutcome = { type: "uncertain", reason: "there was nothing to send" };
  for (const each of bytes) outcome = await node.broadcast(each);
  return outcome;
}

/**
 * Sends to every node, those that lag included, and tells what each of them said. Once one has taken it, the rest is waited
 * for no longer than its grace: they are sent the bytes all the same.
 */
export async function sendToAll<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  send: (node: ChainNode<Snapshot>) => Promise<BroadcastOutcome>,
  { observe, patience }: { readonly observe: (event: NodeEvent) => void; readonly patience: Patience },
): Promise<BroadcastOutcome> {
  const troubles: CustodyError[] = [];
  const told = (name: string, said: BroadcastOutcome) => {
    if (said.type !== "accepted" && endpoints.length > 1) observe(refusal(name, said));
    return { ...said, name };
  };
  const asked = endpoints.map(({ name, node }) => ({
    name,
    answer: send(node).then(
      (said) => told(name, said),
      (error: unknown) => {
        if (!(error instanceof CustodyError)) throw error;
        troubles.push(error);
        return told(name, { type: "uncertain", reason: `${error.code}: ${error.message}` });
      },
    ),
  }));
  const said = await answersOf(asked, (all) => all.some(({ type }) => type === "accepted"), patience);
  const [trouble] = troubles;
  // Every one of them threw before it sent anything: a wrong setting, not an outcome.
  if (trouble !== undefined && troubles.length === endpoints.length) throw trouble;
  const refusing = said.filter((one) => one.type !== "accepted");
  if (refusing.length < said.length) return { type: "accepted" };
  const reason =
    endpoints.length === 1
      ? (refusing[0]?.reason ?? "")
      : refusing.map((one) => `${one.name}: ${one.reason}`).join("; ");
  return { type: refusing.every(({ type }) => type === "rejected") ? "rejected" : "uncertain", reason };
}

function refusal(node: string, { type, reason }: Exclude<BroadcastOutcome, { type: "accepted" }>): NodeEvent {
  const event = `node ${type === "rejected" ? "refused" : "may not have got"} a transaction`;
  return { event, level: "warn", node, reason };
}
