/** One line of the benchmark report. Times are medians in milliseconds, sizes bytes, frames what a screen shows; `ratio` is ours over the floor. */
export type Row = {
  readonly name: string;
  readonly unit: "ms" | "bytes" | "frames";
  readonly ours: number;
  readonly floor: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly ratio: number;
  readonly goal: string;
  readonly notes: readonly string[];
};

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
