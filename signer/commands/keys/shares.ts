/** How SLIP-39 shares get in and out: one by one, by a person at a terminal; by files on regtest alone. */
import { counted } from "../../../src/core/count.ts";
import type { Network } from "../../../src/core/chain.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { toHex, utf8 } from "../../../src/core/hex.ts";
import { assert } from "../../../src/core/errors.ts";
import { countFlag, optionalFlag, type Call } from "../../../src/terminal/command.ts";
import { writeOutput } from "../../../src/terminal/files.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { parseGroups, type Groups } from "../../keystore/slip39/groups.ts";
import { assertFits, lackOf, progressOf, recoverMaster } from "../../keystore/slip39/recover.ts";
import { SHARES_MAX } from "../../keystore/slip39/shamir.ts";
import {
  decodeShare,
  encodeShare,
  isWholeShare,
  SHARE_WORDS_MAX,
  type Share,
} from "../../keystore/slip39/share.ts";
import { splitMaster } from "../../keystore/slip39/split.ts";
import { SLIP39_WORDS } from "../../keystore/slip39/wordlist.ts";
import { CLEAR_SCREEN, typeWords } from "./type-words.ts";
import { readWordsFile, showSheet, WORDS_FILE_FLAG } from "./words.ts";

/** What `--slip39` and `--groups-needed` ask for. @throws GROUPS_MALFORMED, FLAG_MALFORMED */
export function groupsOf({ flags }: Call, text: string): Groups {
  const said = optionalFlag(flags, "groupsNeeded") !== undefined;
  const needed = countFlag(flags, "groupsNeeded", { min: 1, max: SHARES_MAX, otherwise: 1 });
  return parseGroups(text, said ? needed : undefined);
}

/**
 * The master secret of shares that a person types, or of the lines of `--words-file` on regtest. The caller wipes it.
 * @param passphrase of the split; empty for none
 */
export async function readShares(call: Call, network: Network, passphrase: Uint8Array): Promise<Uint8Array> {
  const given = await readWordsFile(call, network);
  const lines = given?.split(/\r?\n/).filter((line) => line.trim() !== "");
  const shares = lines === undefined ? await typeShares(call.io) : lines.map((line) => decodeShare(line));
  try {
    return recoverMaster(shares, passphrase);
  } finally {
    wipeShares(shares);
  }
}

/** Deals `master`, shows share after share, and lets a person prove each; or writes them to `wordsOut`, one a line. */
export async function dealShares(
  { io }: Call,
  master: Uint8Array,
  groups: Groups,
  fingerprint: string,
  wordsOut: string | undefined,
): Promise<void> {
  const dealt = splitMaster(master, groups, new Uint8Array(), (length) => io.random(length));
  try {
    assertRecovers(dealt, master);
    if (wordsOut !== undefined) {
      writeOutput(io, wordsOut, utf8(`${dealt.flat().map(encodeShare).join("\n")}\n`));
      return;
    }
    for (const members of dealt) {
      for (const share of members) await showShare(io, share, members.length, fingerprint);
    }
  } finally {
    wipeShares(dealt.flat());
  }
}

// What is about to be written down is read back first: a share that restores nothing is found out years later.
function assertRecovers(dealt: readonly (readonly Share[])[], master: Uint8Array): void {
  const groupsNeeded = dealt[0]?.[0]?.groupsNeeded ?? 0;
  const enough = dealt
    .slice(-groupsNeeded)
    .flatMap((members) => members.slice(-(members[0]?.membersNeeded ?? 0)))
    .map((share) => decodeShare(encodeShare(share)));
  const recovered = recoverMaster(enough, new Uint8Array());
  const same = toHex(recovered) === toHex(master);
  recovered.fill(0);
  wipeShares(enough);
  assert(same, "shares recover what was split");
}

async function showShare(io: Io, share: Share, members: number, fingerprint: string): Promise<void> {
  const { group, groups, groupsNeeded, member, membersNeeded } = share;
  const lines = [
    `Sheet: SLIP-39, seed ${fingerprint}, group ${group + 1} of ${groups}, share ${member + 1} of ${members}.`,
    `Any ${membersNeeded} of the ${members} shares of this group stand for it; ${groupsNeeded} of ${counted(groups, "group")} needed.`,
    "Their secret is the BIP-32 seed itself: these are no BIP-39 words.",
    "Write these lines on the sheet as well. Three words are asked for afterwards.",
  ];
  await showSheet(io, lines, encodeShare(share).split(" "));
}

async function typeShares(io: Io): Promise<readonly Share[]> {
  if (io.stdin.isTTY) {
    io.stderr.write(
      "Type share after share, one or several words to a line; four letters of each are\nenough. < takes a word back, Enter alone ends a share that is misread.\n",
    );
  }
  const shares: Share[] = [];
  while (!progressOf(shares).complete) {
    try {
      const share = await typeShare(io, shares.length + 1);
      assertFits(share, shares);
      shares.push(share);
      const { groups, groupsNeeded } = progressOf(shares);
      io.stderr.write(
        `${CLEAR_SCREEN}${groups.map(lackOf).join(", ")}; ${counted(groupsNeeded, "group")} needed\n`,
      );
    } catch (error) {
      // One sheet that was misread must not cost the others; giving up must.
      if (!(error instanceof CustodyError) || error.exit !== "invalid") {
        wipeShares(shares);
        throw error;
      }
      io.stderr.write(`${CLEAR_SCREEN}${error.message}: ${error.hint ?? "again, please"}\n`);
    }
  }
  return shares;
}

async function typeShare(io: Io, number: number): Promise<Share> {
  const words = await typeWords(io, {
    list: SLIP39_WORDS,
    label: `Share ${number}, word`,
    flag: WORDS_FILE_FLAG,
    // A share says by its checksum that it is whole; one with a wrong word is ended by an empty line.
    complete: (typed) => typed.length === SHARE_WORDS_MAX || isWholeShare(typed),
    mayEnd: ({ length }) => length > 0,
  });
  return decodeShare(words.join(" "));
}

function wipeShares(shares: readonly Share[]): void {
  for (const { value } of shares) value.fill(0);
}
