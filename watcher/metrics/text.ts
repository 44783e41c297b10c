/** The text exposition format of Prometheus, version 0.0.4, as far as we use it: counters and gauges. */
import { assert } from "../../src/core/errors.ts";

export type Sample = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | bigint;
};

export type Metric = {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: readonly Sample[];
};

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** All lines, each metric once with its help and type before its samples; one without samples is left out. */
export function metricsText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, type, help, samples }) => {
      assert(/^[a-z][a-z0-9_]*$/.test(name), `${name} is no metric's name`);
      const lines = samples.map(
        ({ labels = {}, value }) => `${name}${labelText(labels)} ${valueText(value)}\n`,
      );
      return `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}\n${lines.join("")}`;
    })
    .join("");
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    assert(/^[a-z][a-z0-9_]*$/.test(name), `${name} is no label's name`);
    return `${name}="${escaped(value).replaceAll('"', '\\"')}"`;
  });
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

// Readers take values as 64-bit floats; whole numbers are written whole all the same, amounts of money among them.
function valueText(value: number | bigint): string {
  if (typeof value === "bigint" || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
