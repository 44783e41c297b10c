/** Stands in for `openJsonRpc` of `src/nodes/json-rpc.ts` in the bundle of the online host: its endpoints are the world's. */
import type * as z from "zod";
import type { Rpc } from "../../../src/nodes/bitcoind/rpc.ts";
import { checkedAnswer } from "../../../src/nodes/failure.ts";
import { ask } from "./ask.ts";

const PLACE = /^http:\/\/node-([1-9])\.test$/;

/** What `evm-url` names, so that each of the world's nodes is an endpoint. */
export const WORLD_ENDPOINTS = [1, 2, 3].map((number) => `31337=http://node-${number}.test`).join(",");

export function openJsonRpc({ url }: { readonly url: string }): Rpc {
  const node = Number(PLACE.exec(url)?.[1]) - 1;
  const asked = async <T>(
    method: string,
    params: readonly unknown[],
    answer: z.ZodType<T>,
    how: "read" | "send",
  ) => checkedAnswer(method, answer, await ask({ node, method, args: params }, how));
  return {
    read: (method, params, answer) => asked(method, params, answer, "read"),
    write: (method, params, answer) => asked(method, params, answer, "send"),
    close: () => undefined,
  };
}
