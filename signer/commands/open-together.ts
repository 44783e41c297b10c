/** Opens a signer by the passphrases of several officers, each typed at the terminal by the one who knows it. */
import { declareError } from "../../src/core/errors.ts";
import { parseName, type Name } from "../../src/core/identifier.ts";
import { optionalFlag, repeatedFlag, type Call } from "../../src/terminal/command.ts";
import { askNewPassphrase, openWithPassphrase } from "../../src/terminal/passphrase.ts";
import { ask } from "../../src/terminal/prompt.ts";
import type { Home } from "../keystore/home.ts";
import type { Point } from "../keystore/slip39/field.ts";
import { SHARES_MAX } from "../keystore/slip39/shamir.ts";
import { countingWrong } from "../keystore/wrong-passphrases.ts";
import {
  joinShares,
  makeUnlockFile,
  OFFICERS_NEEDED,
  openShare,
  type UnlockFile,
} from "../keystore/unlock-file.ts";
import { CLEAR_SCREEN } from "./keys/type-words.ts";

export const OFFICERS_MISNAMED = declareError(
  "OFFICERS_MISNAMED",
  "usage",
  "The officers who open a signer together are too few, too many, or one is named twice.",
);
export const OFFICERS_AT_TERMINAL = declareError(
  "OFFICERS_AT_TERMINAL",
  "usage",
  "This signer is opened by several officers, whose passphrases are typed and never stand in one file.",
);

/** Names of `--unlock-by`; none where one passphrase is to open the signer. @throws OFFICERS_MISNAMED */
export function unlockersOf({ flags }: Call): readonly Name[] {
  const names = repeatedFlag(flags, "unlockBy").map((text) => parseName(text, "--unlock-by"));
  const count = new Set(names).size;
  const fits =
    names.length === 0 || (count === names.length && count >= OFFICERS_NEEDED && count <= SHARES_MAX);
  if (fits) return names;
  throw OFFICERS_MISNAMED(`--unlock-by names ${count} officers`, {
    field: "--unlock-by",
    hint: "name two or more, each once: --unlock-by olga otto; any two of them open the signer",
  });
}

/** A random key in the place of the passphrase, and the file that shares it. The caller wipes the key. */
export async function makeShared(
  call: Call,
  { network }: Home,
  names: readonly Name[],
): Promise<{ readonly key: Uint8Array; readonly file: UnlockFile }> {
  assertTyped(call);
  const officers: { name: Name; passphrase: Uint8Array }[] = [];
  const key = call.io.random(32);
  try {
    for (const name of names) {
      officers.push({ name, passphrase: await askNewPassphrase(call.io, {}, `officer ${name}`) });
    }
    const file = makeUnlockFile(key, officers, network, (length) => call.io.random(length));
    return { key, file };
  } catch (error) {
    key.fill(0);
    throw error;
  } finally {
    for (const { passphrase } of officers) passphrase.fill(0);
  }
}

/** The key in the place of the passphrase. The caller wipes it. @throws PASSPHRASE_WRONG, OFFICERS_AT_TERMINAL */
export async function openTogether(call: Call, home: Home, file: UnlockFile): Promise<Uint8Array> {
  assertTyped(call);
  const { io } = call;
  const shares: Point[] = [];
  let left = [...file.holders];
  try {
    while (shares.length < file.needed) {
      const names = left.map(({ name }) => name).join(", ");
      const holder =
        file.needed === file.holders.length
          ? left[0]
          : await chosen(call, left, `Name of officer ${shares.length + 1} of ${file.needed} (${names}):`);
      if (holder === undefined) continue;
      const open = countingWrong(
        home,
        (passphrase) => openShare(holder, file.network, passphrase),
        () => io.random(8),
      );
      const { opened, passphrase } = await openWithPassphrase(
        io,
        {},
        `officer ${holder.name}`,
        open,
        TERMINAL,
      );
      passphrase.fill(0);
      shares.push(opened);
      left = left.filter((other) => other !== holder);
    }
    return joinShares(file, shares);
  } finally {
    for (const { y } of shares) y.fill(0);
  }
}

const TERMINAL = "a terminal";

async function chosen({ io }: Call, holders: UnlockFile["holders"], question: string) {
  const typed = await ask(io, question, TERMINAL);
  const holder = holders.find(({ name }) => name === typed.toLowerCase());
  // What was typed may be a passphrase: it must not stay on the screen.
  if (holder === undefined) {
    io.stderr.write(
      `${CLEAR_SCREEN}none of these names; the name first, and then the passphrase, which is not shown\n`,
    );
  }
  return holder;
}

function assertTyped({ io, flags }: Call): void {
  const file = optionalFlag(flags, "passphraseFile") ?? optionalFlag(flags, "passphraseFd");
  if (io.stdin.isTTY && file === undefined) return;
  throw OFFICERS_AT_TERMINAL("the officers of this signer type their passphrases themselves", {
    field: file === undefined ? "stdin" : "--passphrase-file",
    hint: "run the command in a terminal, without --passphrase-file",
  });
}
