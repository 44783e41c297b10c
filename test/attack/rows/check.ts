/**
 * A check of the product's source, and what stands there when it is gone. `find` occurs once in the file; the expression
 * between ‹ and › in it is replaced by `instead`.
 */
export type Check = { readonly file: string; readonly find: string; readonly instead: string };
