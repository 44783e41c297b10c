/**
 * `text` as one word of a command that people copy into a shell (POSIX 1003.1, 2.2.2): a person's name, a customer's
 * reference or the name of a file may hold `$(…)`, a quotation mark or an accent, and none of it may run. A tilde that
 * begins a word is quoted as well (2.6.1).
 */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./-][A-Za-z0-9_./~-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
