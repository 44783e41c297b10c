/** The same bytes to every endpoint: one that takes them is enough, and none is harmed by having them. */
import { CustodyError } from "../../core/errors.ts";
import { answersOf, type Patience } from "../gather.ts";
import type { NodeEvent } from "../send-to-all.ts";
import type { EvmEndpoint } from "./agreement.ts";
import type { SendOutcome } from "./send.ts";

type Told = SendOutcome & { readonly name: string };

/**
 * Rejected only where all of them reject; a reason is theirs together where all give the same.
 * @throws where every one of them threw before it sent anything: a wrong setting, not an outcome
 */
export async function sendToAll(
  endpoints: readonly EvmEndpoint[],
  bytes: Uint8Array,
  { observe, patience }: { readonly observe: (event: NodeEvent) => void; readonly patience: Patience },
): Promise<SendOutcome> {
  const troubles: CustodyError[] = [];
  const asked = endpoints.map(({ name, node }) => ({
    name,
    answer: node.broadcast(bytes).then(
      (said): Told => ({ ...said, name }),
      (error: unknown): Told => {
        if (!(error instanceof CustodyError)) throw error;
        troubles.push(error);
        return { type: "uncertain", reason: `${error.code}: ${error.message}`, name };
      },
    ),
  }));
  const said = await answersOf(asked, (all) => all.some(({ type }) => type === "accepted"), patience);
  const [trouble] = troubles;
  if (trouble !== undefined && troubles.length === endpoints.length) throw trouble;
  if (endpoints.length > 1) for (const one of said) tell(one, observe);
  const accepted = said.filter((one) => one.type === "accepted");
  // New to one of them: it was not out everywhere before.
  if (accepted.length > 0) return { type: "accepted", already: accepted.every(({ already }) => already) };
  return refusedBy(said);
}

function refusedBy(said: readonly Told[]): SendOutcome {
  const words = said.flatMap((one) => (one.type === "accepted" ? [] : [one]));
  const reason =
    words.length === 1
      ? (words[0]?.reason ?? "")
      : words.map((one) => `${one.name}: ${one.reason}`).join("; ");
  const rejected = words.flatMap((one) => (one.type === "rejected" ? [one.why] : []));
  const [why = "other"] = rejected;
  if (rejected.length < words.length) return { type: "uncertain", reason };
  return { type: "rejected", why: rejected.every((one) => one === why) ? why : "other", reason };
}

function tell(said: Told, observe: (event: NodeEvent) => void): void {
  if (said.type === "accepted") return;
  const event = `node ${said.type === "rejected" ? "refused" : "may not have got"} a transaction`;
  observe({ event, level: "warn", node: said.name, reason: said.reason });
}
