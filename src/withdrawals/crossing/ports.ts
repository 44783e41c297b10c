/** What a request on its way out, and a receipt on its way in, need of a store. `Tx` is opaque here. */
import type { Digest } from "../../core/digest.ts";
import type { Head } from "../../core/documents/approval.ts";
import type { Id, Name } from "../../core/identifier.ts";
import type { ReceiptRow, RungSignatureRow } from "../rows.ts";

export type CrossingPorts<Tx> = {
  insertRequest(
    tx: Tx,
    request: {
      readonly request: Digest;
      readonly plans: readonly [Id, ...Id[]];
      readonly audit: { readonly epoch: number; readonly size: number };
    },
  ): void;
  /** Sizes of the audit tree that requests of `epoch` have carried out, the newest first. */
  placesExported(tx: Tx, epoch: number, count: number): readonly number[];
  insertReceipt(tx: Tx, receipt: ReceiptRow): void;
  insertHeads(
    tx: Tx,
    signer: Name,
    epoch: number,
    heads: readonly { readonly number: number; readonly head: Digest }[],
  ): void;
  lastHeads(tx: Tx): readonly (Head & { readonly number: number })[];
  numberOfHead(tx: Tx, head: Head): number | undefined;
  countersigned(tx: Tx): readonly { readonly signer: Name; readonly epoch: number; readonly size: number }[];
  /** The committed audit tree's newest root. */
  auditHead(tx: Tx): { readonly size: number; readonly root: Digest } | undefined;
  proveConsistency(tx: Tx, from: number): { readonly proof: readonly Digest[] };
  insertRungSignatures(tx: Tx, signatures: RungSignatureRow): void;
  rungSignaturesOf(tx: Tx, plan: Id): readonly RungSignatureRow[];
};
