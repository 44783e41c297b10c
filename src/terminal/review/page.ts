/**
 * What a person reads before signing, as rows. Every drawing (terminal, page, picture) is made of these and of nothing
 * else, so none can leave out what another shows. A row is the one way in: whatever the other side chose is made visible
 * here (attack T5).
 */
import type { Network } from "../../core/chain.ts";
import { visibleText } from "../../core/text.ts";
import { grouped } from "../table.ts";

export type Tone = "plain" | "strong" | "warning";

export type Row = {
  /** In capitals, or words; empty where the row goes on with the one above. */
  readonly label: string;
  readonly text: string;
  readonly tone: Tone;
  /** Every character counts, spaces too: a message. */
  readonly verbatim: boolean;
};

export type Section = { readonly heading: string; readonly rows: readonly Row[] };

export type Page = {
  readonly network: Network;
  readonly sections: readonly Section[];
};

export function row(label: string, text: string, tone: Tone = "plain"): Row {
  return { label, text: visibleText(text), tone, verbatim: false };
}

/** An address, digest or id: whole, in groups of four. */
export function groupedRow(label: string, text: string): Row {
  return row(label, grouped(text));
}

export function verbatimRow(text: string): Row {
  return { ...row("", text), verbatim: true };
}

export function section(heading: string, rows: readonly Row[]): Section {
  return { heading: visibleText(heading), rows };
}
