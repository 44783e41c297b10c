/**
 * JSON that people and other programs write, in any spacing and order. RFC 8259 §4 leaves open what a name that stands
 * twice in one object means: `JSON.parse` keeps the last, other readers the first, so that one file would say two things
 * (RFC 7493 §2.3 forbids it). Canonical documents need no such look: they are compared with our own writing.
 */

/** An object that is open, with the names it has so far; `undefined` for a list. */
type Open = { readonly names: Set<string> | undefined; readonly within: string };

/**
 * The path of the first member whose name stands twice in one object, as `rows.limits` with `[]` for a list's items;
 * undefined where there is none.
 * @param text what `JSON.parse` has taken: of other text the answer means nothing
 */
export function repeatedMember(text: string): string | undefined {
  const open: Open[] = [];
  let path = "";
  for (let place = 0; place < text.length; place++) {
    const letter = text[place];
    if (letter === "{" || letter === "[") {
      open.push({ names: letter === "{" ? new Set() : undefined, within: path });
      if (letter === "[") path += "[]";
    } else if (letter === "}" || letter === "]") {
      path = open.pop()?.within ?? "";
    } else if (letter === '"') {
      const end = endOfString(text, place);
      const inner = open.at(-1);
      if (inner?.names !== undefined && isName(text, end)) {
        const name = JSON.parse(text.slice(place, end)) as string;
        path = inner.within === "" ? name : `${inner.within}.${name}`;
        if (inner.names.has(name)) return path;
        inner.names.add(name);
      }
      place = end - 1;
    }
  }
  return undefined;
}

/** Index after the string that opens at `quote`. */
function endOfString(text: string, quote: number): number {
  let end = quote + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

// A string that a colon follows is a name: nothing else stands between them but white space.
function isName(text: string, end: number): boolean {
  let place = end;
  while (" \t\n\r".includes(text[place] ?? "x")) place++;
  return text[place] === ":";
}
