/**
 * Arithmetic in GF(256) with Rijndael's polynomial (SLIP-0039, "Shamir's secret sharing"; FIPS 197 §4.2), and Lagrange
 * interpolation over it. No tables: a lookup by a secret byte leaves its trace in the processor's cache.
 */

/** Value of a polynomial at `x`, byte by byte. */
export type Point = { readonly x: number; readonly y: Uint8Array };

const POLYNOMIAL = 0x11b;

export function multiply(left: number, right: number): number {
  let [a, b, product] = [left, right, 0];
  for (let bit = 0; bit < 8; bit++) {
    product ^= -(b & 1) & a;
    a = (a << 1) ^ (-(a >> 7) & POLYNOMIAL);
    b >>= 1;
  }
  return product;
}

/** The inverse, as the 254th power: the group has 255 elements. Zero has none and gives zero. */
export function invert(value: number): number {
  let [square, inverse] = [multiply(value, value), 1];
  for (let bit = 1; bit < 8; bit++) {
    inverse = multiply(inverse, square);
    square = multiply(square, square);
  }
  return inverse;
}

/**
 * The polynomial of lowest degree through `points`, at `x`.
 * @param points with distinct x and values of one length
 */
export function interpolate(points: readonly Point[], x: number): Uint8Array {
  const result = new Uint8Array(points[0]?.y.length ?? 0);
  for (const point of points) {
    const weight = points
      .filter((other) => other !== point)
      .reduce((product, other) => multiply(product, multiply(x ^ other.x, invert(point.x ^ other.x))), 1);
    result.forEach((sum, index) => (result[index] = sum ^ multiply(point.y[index] as number, weight)));
  }
  return result;
}
