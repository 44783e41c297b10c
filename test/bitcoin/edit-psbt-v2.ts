/** Changes a PSBT of version 2 field by field: what another maker's program could hand us. */
import type { PsbtField } from "../../src/chains/bitcoin/psbt-codec.ts";
import { parsePsbtV2, serialisePsbtV2 } from "../../src/chains/bitcoin/psbt-v2.ts";

export type EditablePsbtV2 = { global: PsbtField[]; inputs: PsbtField[][]; outputs: PsbtField[][] };

export function editPsbtV2(bytes: Uint8Array, edit: (psbt: EditablePsbtV2) => void): Uint8Array {
  const { fields, inputs, outputs } = parsePsbtV2(bytes);
  const psbt: EditablePsbtV2 = {
    global: [...fields],
    inputs: inputs.map((map) => [...map]),
    outputs: outputs.map((map) => [...map]),
  };
  edit(psbt);
  return serialisePsbtV2({ fields: psbt.global, inputs: psbt.inputs, outputs: psbt.outputs });
}

/** Sets a field without key data in `map`, where it stands or at the end. */
export function setField(map: PsbtField[], type: number, value: readonly number[]): void {
  const next = { type, keyData: new Uint8Array(), value: Uint8Array.from(value) };
  const place = map.findIndex((each) => each.type === type && each.keyData.length === 0);
  map.splice(place < 0 ? map.length : place, place < 0 ? 0 : 1, next);
}

export function dropField(map: PsbtField[], type: number): void {
  map.splice(
    map.findIndex((each) => each.type === type),
    1,
  );
}
