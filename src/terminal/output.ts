/** What a process writes to. Apart from the rest of its io, so that a version is printed without loading that. */
import { EXIT } from "../core/errors.ts";

export type OutputStream = {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
  write(text: string | Uint8Array): void;
};

/**
 * Output that cannot be written. A reader that went away (`custody … | head`) ends it quietly; a full disk behind
 * `> file` is local trouble, whatever the command had to say.
 */
function endUnheard(stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") return;
  if (stream !== process.stderr)
    process.stderr.write(
      `error: the answer could not be written (${code ?? "unknown error"}); the command may have done its work\n` +
        "hint: make room on the disk, then look before you repeat it: custody status\n",
    );
  process.exit(EXIT.local);
}

/** One of the process's own streams. */
export function nodeOutput(stream: NodeJS.WriteStream): OutputStream {
  stream.on("error", (error: NodeJS.ErrnoException) => endUnheard(stream, error));
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns || 80; // some pseudo-terminals say 0
    },
    get rows() {
      return stream.rows || 24;
    },
    write: (text) => void stream.write(text),
  };
}
