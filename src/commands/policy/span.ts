import { counted } from "../../core/count.ts";

/** Seconds in the largest units that leave no remainder: `3 days`, `36 hours`. */
export function span(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, "day"],
      [3600, "hour"],
      [60, "minute"],
    ] as const
  ).find(([units]) => seconds > 0 && seconds % units === 0) ?? [1, "second"];
  const count = seconds / size;
  return counted(count, unit);
}
