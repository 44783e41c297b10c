const [QUOTE, BACKSLASH, OPEN, CLOSE] = [0x22, 0x5c, 0x7b, 0x7d];

/**
 * Whether `tail` is the beginning of a JSON object that never ended: what a power cut leaves of a line that was being
 * written. A whole object, or one with something behind it, was changed by somebody and is no such thing. Zeros at the
 * end are blocks that a file system had reserved and not yet filled.
 */
export function isTornPrefix(tail: Uint8Array): boolean {
  let length = tail.length;
  while (length > 0 && tail[length - 1] === 0) length--;
  if (length === 0) return true;
  if (tail[0] !== OPEN) return false;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < length; i++) {
    const byte = tail[i] as number;
    if (byte < 0x20) return false;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN) depth++;
    else if (byte === CLOSE && --depth === 0) return false;
  }
  return true;
}
