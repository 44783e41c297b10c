/** One row of what `doctor` says. `failed`: this signer is not fit to sign. */
export type Check = {
  readonly name: string;
  readonly result: "ok" | "warning" | "failed";
  readonly says: string;
};
