import { cellsOf, pieces, placeAfter } from "./cells.ts";

const WIDTH = 80;

/**
 * `text` behind `label` in lines of 80 columns, the rest below it. Breaks at spaces where there are any, else at the
 * width: what is compared by eye must not be wrapped by chance.
 */
export function wrapped(label: string, text: string): readonly string[] {
  const room = WIDTH - cellsOf(label);
  const indent = " ".repeat(cellsOf(label));
  const lines: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const most = placeAfter(rest, room);
    const space = most === rest.length ? -1 : rest.lastIndexOf(" ", most);
    const end = space <= 0 ? most : space;
    lines.push(`${lines.length === 0 ? label : indent}${rest.slice(0, end)}`);
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

/** Every character of `text`, spaces too, in lines of 80 columns that each begin with `label`. */
export function verbatim(label: string, text: string): readonly string[] {
  return pieces(text, WIDTH - cellsOf(label)).map((piece) => `${label}${piece}`);
}
