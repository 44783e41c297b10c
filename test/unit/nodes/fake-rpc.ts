import { NODE_ANSWER_MALFORMED, NODE_REFUSED } from "../../../src/nodes/failure.ts";
import { type Rpc } from "../../../src/nodes/bitcoind/rpc.ts";

type Answers = Readonly<Record<string, unknown>>;

/** A node that answers each method from a table: a value, or a function of the parameters. Others are refused. */
export function fakeRpc(answers: Answers): Rpc & { readonly asked: string[] } {
  const asked: string[] = [];
  const call: Rpc["read"] = (method, params, answer) => {
    asked.push(method);
    const entry = answers[method];
    if (entry === undefined)
      return Promise.reject(NODE_REFUSED(`no ${method}`, { details: { method, rpcCode: -32601 } }));
    return new Promise((done, fail) => {
      const parsed = answer.safeParse(typeof entry === "function" ? entry(...params) : entry);
      if (parsed.success) done(parsed.data);
      else fail(NODE_ANSWER_MALFORMED(`${method}: ${parsed.error.message}`));
    });
  };
  return { read: call, write: call, close: () => {}, asked };
}

/** What the node says when it refuses: thrown from an entry of the table. */
export function refusal(rpcCode: number, message: string) {
  return NODE_REFUSED(message, { details: { rpcCode } });
}
