/** Pictures in grey, as QR codes need them. */

/** One byte a pixel, rows from the top; 0 is black. */
export type Picture = { readonly width: number; readonly height: number; readonly grey: Uint8Array };
