/** Sending to several nodes: the same bytes to all, for one that takes them is enough and none is harmed by having them. */
import type { BroadcastOutcome, ChainNode } from "../chains/adapter.ts";
import { CustodyError } from "../core/errors.ts";
import type { Endpoint } from "./survey.ts";

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

/** Sends to every node, those that lag included, and tells what each of them said. */
export async function sendToAll<Snapshot>(
  endpoints: readonly Endpoint<Snapshot>[],
  send: (node: ChainNode<Snapshot>) => Promise<BroadcastOutcome>,
  { observe }: { readonly observe: (event: NodeEvent) => void },
): Promise<BroadcastOutcome> {
  const troubles: CustodyError[] = [];
  const said = await Promise.all(
    endpoints.map(async ({ name, node }): Promise<BroadcastOutcome & { readonly name: string }> => {
      try {
        return { ...(await send(node)), name };
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
        troubles.push(error);
        return { type: "uncertain", reason: `${error.code}: ${error.message}`, name };
      }
    }),
  );
  const [trouble] = troubles;
  // Every one of them threw before it sent anything: a wrong setting, not an outcome.
  if (trouble !== undefined && troubles.length === endpoints.length) throw trouble;
  const refusing = said.filter((one) => one.type !== "accepted");
  if (endpoints.length > 1)
    for (const { name, type, reason } of refusing)
      observe({
        event: `node ${type === "rejected" ? "refused" : "may not have got"} a transaction`,
        level: "warn",
        node: name,
        reason,
      });
  if (refusing.length < said.length) return { type: "accepted" };
  const reason =
    endpoints.length === 1
      ? (refusing[0]?.reason ?? "")
      : refusing.map((one) => `${one.name}: ${one.reason}`).join("; ");
  return { type: refusing.every(({ type }) => type === "rejected") ? "rejected" : "uncertain", reason };
}
