/** The pixels of a PNG picture: filters taken back (ISO/IEC 15948 §9), then every kind of pixel as one byte of grey. */

/** What the header says of the pixels. */
export type PngShape = {
  readonly width: number;
  readonly height: number;
  /** Bits of one sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colour: number;
  /** Red, green and blue of each entry; empty without a palette. */
  readonly palette: Uint8Array;
};

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Bits of one pixel. */
export function pixelBits({ depth, colour }: PngShape): number {
  return depth * (SAMPLES[colour] ?? 0);
}

/** Grey of all pixels. `rows` are as inflated, each with its filter in front, and are changed. Undefined when damaged. */
export function greyOf(shape: PngShape, rows: Uint8Array, rowBytes: number): Uint8Array | undefined {
  const { width, height } = shape;
  const step = Math.max(1, pixelBits(shape) >>> 3);
  const grey = new Uint8Array(width * height);
  let above: Uint8Array = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const at = y * (1 + rowBytes);
    const row = rows.subarray(at + 1, at + 1 + rowBytes);
    if (!unfilter(rows[at] as number, row, above, step)) return undefined;
    if (!greyOfRow(shape, row, grey.subarray(y * width, (y + 1) * width))) return undefined;
    above = row;
  }
  return grey;
}

/** Takes back what the filter did to `row`: each byte was stored less what its neighbours let expect. */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): boolean {
  if (filter > 4) return false;
  if (filter === 0) return true;
  for (let i = 0; i < row.length; i++) {
    const left = i >= step ? (row[i - step] as number) : 0;
    const up = above[i] as number;
    const corner = i >= step ? (above[i - step] as number) : 0;
    const expected =
      filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >>> 1 : paeth(left, up, corner);
    row[i] = (row[i] as number) + expected; // wraps at 256
  }
  return true;
}

/** Of left, above and corner the one nearest to left + above - corner (§9.4). */
function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [
    Math.abs(up - corner),
    Math.abs(left - corner),
    Math.abs(left + up - 2 * corner),
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function greyOfRow({ depth, colour, palette }: PngShape, row: Uint8Array, grey: Uint8Array): boolean {
  const bytesEach = depth === 16 ? 2 : 1; // of two bytes the first one is enough
  const sample = (index: number) =>
    depth >= 8
      ? (row[index * bytesEach] as number)
      : ((row[(index * depth) >>> 3] as number) >>> (8 - depth - ((index * depth) & 7))) & ((1 << depth) - 1);
  const full = depth >= 8 ? 255 : (1 << depth) - 1;
  for (let x = 0; x < grey.length; x++) {
    switch (colour) {
      case 0:
        grey[x] = (sample(x) * 255) / full;
        break;
      case 2:
        grey[x] = luma(sample(3 * x), sample(3 * x + 1), sample(3 * x + 2));
        break;
      case 3: {
        const at = 3 * sample(x);
        if (at >= palette.length) return false;
        grey[x] = luma(palette[at] as number, palette[at + 1] as number, palette[at + 2] as number);
        break;
      }
      case 4:
        grey[x] = onWhite(sample(2 * x), sample(2 * x + 1));
        break;
      default:
        grey[x] = onWhite(luma(sample(4 * x), sample(4 * x + 1), sample(4 * x + 2)), sample(4 * x + 3));
    }
  }
  return true;
}

/** Brightness (ITU-R BT.601). */
function luma(red: number, green: number, blue: number): number {
  return (299 * red + 587 * green + 114 * blue) / 1000;
}

/** Codes with a transparent ground are meant for a white page. */
function onWhite(grey: number, alpha: number): number {
  return 255 - ((255 - grey) * alpha) / 255;
}
