/** What is done again and again while something else is under way. */

/**
 * Does `beside` every `milliseconds` until `work` is over, one time after the other, and ends with it. The process has one
 * thread and transactions do not wait, so that the two never write at the same time.
 * @returns what `work` returns, once `beside` is not under way any more
 * @throws what `work` throws; what `beside` has thrown, at the end
 */
export async function meanwhile<T>(
  work: Promise<T>,
  beside: () => Promise<void>,
  milliseconds: number,
): Promise<T> {
  let turn: Promise<void> | undefined;
  let trouble: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    // A turn that would begin while the one before is under way is left out.
    turn ??= beside()
      .catch((error: unknown) => void (trouble ??= { error }))
      .finally(() => (turn = undefined));
  }, milliseconds);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    await turn;
    if (trouble !== undefined) raise(trouble);
  }
}

function raise({ error }: { readonly error: unknown }): never {
  throw error;
}
