/** `count` things in words: `1 coin`, `2 coins`, `0 persons`. @param several where it is not `one` with an s */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
