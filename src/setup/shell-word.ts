/**
 * `text` as one word of a command that people copy into a shell (POSIX 1003.1, 2.2.2): a person's name may hold `$(…)`,
 * a quotation mark or an accent, and none of it may run.
 */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
