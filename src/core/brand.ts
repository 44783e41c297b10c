declare const brand: unique symbol;

/** A string or number that only its parser can make: `Brand<string, "Txid">`. Exists for the type checker only. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
