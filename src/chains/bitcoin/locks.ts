/** Lock times and relative locks in words (attack B21: a transaction that people believe can be sent, and cannot). */
import { instantOf } from "../../core/instant.ts";
import type { Transaction } from "./transaction.ts";

/** Below it a lock time is a block height, from it on a Unix time (consensus LOCKTIME_THRESHOLD). */
export const LOCK_TIME_THRESHOLD = 500_000_000;
const SEQUENCE_FINAL = 0xffff_ffff;
/** From this sequence on an input does not signal replaceability (BIP-125). */
const SEQUENCE_NOT_REPLACEABLE = 0xffff_fffe;

/** BIP-68: bit 31 switches the relative lock off, bit 22 counts in units of 512 seconds. */
const RELATIVE_OFF = 0x8000_0000;
const RELATIVE_TIME = 0x0040_0000;

/** The locks that are in force; empty when the transaction can be sent at once. */
export function locksOf(transaction: Transaction): readonly string[] {
  const { lockTime, inputs, version } = transaction;
  const locks: string[] = [];
  if (lockTime !== 0 && inputs.some(({ sequence }) => sequence !== SEQUENCE_FINAL))
    locks.push(`lock time: ${absolute(lockTime)}`);
  const relative =
    version < 2 ? [] : inputs.map(({ sequence }) => sequence).filter((sequence) => sequence < RELATIVE_OFF);
  const blocks = relative
    .filter((sequence) => (sequence & RELATIVE_TIME) === 0)
    .map((sequence) => sequence & 0xffff);
  const times = relative
    .filter((sequence) => (sequence & RELATIVE_TIME) !== 0)
    .map((sequence) => sequence & 0xffff);
  const longestBlocks = blocks.reduce((a, b) => Math.max(a, b), 0);
  const longestTime = times.reduce((a, b) => Math.max(a, b), 0);
  if (longestBlocks > 0) locks.push(`relative lock: ${longestBlocks} blocks after its coins confirmed`);
  if (longestTime > 0) locks.push(`relative lock: ${longestTime * 512} seconds after its coins confirmed`);
  return locks;
}

/** Whether nodes will take a replacement that pays more (BIP-125). */
export function signalsReplacement({ inputs }: Transaction): boolean {
  return inputs.some(({ sequence }) => sequence < SEQUENCE_NOT_REPLACEABLE);
}

function absolute(lockTime: number): string {
  return lockTime < LOCK_TIME_THRESHOLD
    ? `block ${String(lockTime).replace(/\B(?=(\d{3})+$)/g, ",")}`
    : instantOf(lockTime);
}
