/** What a client was promised, or asked for without hearing the answer. Its amount is like no other's in this world. */
export type Order = {
  readonly key: string;
  readonly ref: string;
  readonly address: string;
  readonly units: bigint;
  id: string | undefined;
};

/** A document on its way over the gap. */
export type Carried = {
  readonly what: string;
  readonly to: "online" | number;
  readonly bytes: Uint8Array;
};
