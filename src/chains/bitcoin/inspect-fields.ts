/** The part of `inspect` that tells a PSBT by its fields: which are there, by name, and what only version 2 says. */
import type { PsbtField } from "./psbt-codec.ts";
import type { PsbtVersion } from "./psbt-field-shapes.ts";
import { fieldName, isKnownField, type MapKind } from "./psbt-fields.ts";
import type { PsbtV2 } from "./psbt-v2.ts";
import type { Psbt } from "./psbt.ts";

/** Plain JSON. */
export type PsbtSummary = {
  readonly version: PsbtVersion;
  /** What may still be added; version 0 has no word for it. */
  readonly modifiable: readonly ("inputs" | "outputs")[];
  /** Names of fields, each with how often it stands in all maps of its kind. */
  readonly fields: Readonly<Record<MapKind, Readonly<Record<string, number>>>>;
};

type Fields = readonly PsbtField[];

export function psbtSummary({ fields, inputs, outputs }: Psbt): PsbtSummary {
  const maps = {
    global: [fields],
    input: inputs.map((input) => input.fields),
    output: outputs.map((output) => output.fields),
  };
  return { version: 0, modifiable: [], fields: namesIn(maps, 0) };
}

export function psbtV2Summary({ fields, inputs, outputs, modifiable }: PsbtV2): PsbtSummary {
  const open = (["inputs", "outputs"] as const).filter((what) => modifiable[what]);
  return {
    version: 2,
    modifiable: open,
    fields: namesIn({ global: [fields], input: inputs, output: outputs }, 2),
  };
}

function namesIn(
  maps: Readonly<Record<MapKind, readonly Fields[]>>,
  version: PsbtVersion,
): PsbtSummary["fields"] {
  const counts = (kind: MapKind) => {
    const names = new Map<string, number>();
    for (const field of maps[kind].flat()) {
      // One name for all of them: an attacker could have a million, and the output would not end (attack B17).
      const known = isKnownField(kind, field, version);
      const name = known ? fieldName(kind, field, version) : "unknown or proprietary field";
      names.set(name, (names.get(name) ?? 0) + 1);
    }
    return Object.fromEntries(names);
  };
  return { global: counts("global"), input: counts("input"), output: counts("output") };
}
