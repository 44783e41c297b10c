/**
 * What no two transactions can both use up (law 4), as text: `<chain>:<kind>:<name>`, of bitcoin
 * `bip122:…:outpoint:<txid>:<vout>`. Elsewhere such keys are compared as they are: what stands in one is read by its chain alone.
 */
import type { ChainId } from "./chain.ts";

/** @param kind without a colon, one for each way in which the chain lets transactions compete */
export function conflictKey(chain: ChainId, kind: string, name: string): string {
  return `${chain}:${kind}:${name}`;
}

/**
 * What a transaction takes from an account, which gives a part of what it holds where a coin is spent whole: kept as a coin
 * that this transaction has made and spent.
 */
export function drawnKey(chain: ChainId, transaction: string, place: number): string {
  return conflictKey(chain, "drawn", `${transaction}:${place}`);
}

/** The chain's id that a conflict key begins with, whether we know that chain or not; undefined for another text. */
export function chainInKey(text: string): string | undefined {
  return KEY.exec(text)?.groups?.["chain"];
}

/** For people, who know the chain and the kind: the name in a conflict key. Another text comes back as it is. */
export function nameInKey(text: string): string {
  return KEY.exec(text)?.groups?.["name"] ?? text;
}

/** In which way transactions compete for it: `outpoint`, `nonce`. Undefined for another text. */
export function kindInKey(text: string): string | undefined {
  return KEY.exec(text)?.groups?.["kind"];
}

// A chain's id is a namespace and a reference (CAIP-2).
const KEY = /^(?<chain>[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}):(?<kind>[^:]+):(?<name>.+)$/;
