/** Text of a paper in lines of at most `columns` characters, broken at spaces. */
export function linesOf(text: string, columns: number): readonly string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + 1 + word.length > columns) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
