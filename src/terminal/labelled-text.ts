const WIDTH = 80;

/**
 * `text` behind `label` in lines of 80 columns, the rest below it. Breaks at spaces where there are any, else at the
 * width: what is compared by eye must not be wrapped by chance.
 */
export function wrapped(label: string, text: string): readonly string[] {
  const room = WIDTH - label.length;
  const lines: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const cut = rest.length <= room ? rest.length : rest.lastIndexOf(" ", room);
    const end = cut <= 0 ? room - (/[\ud800-\udbff]$/.test(rest.slice(0, room)) ? 1 : 0) : cut;
    lines.push(`${lines.length === 0 ? label : " ".repeat(label.length)}${rest.slice(0, end)}`);
    rest = rest.slice(end).trimStart();
  }
  return lines;
}

/** Every character of `text`, spaces too, in lines of 80 columns that each begin with `label`. */
export function verbatim(label: string, text: string): readonly string[] {
  const room = WIDTH - label.length;
  return Array.from(
    { length: Math.ceil(text.length / room) },
    (_, line) => `${label}${text.slice(line * room, (line + 1) * room)}`,
  );
}
