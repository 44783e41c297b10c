/** The first half: answers become cards to print and a list of errands. No key and no policy is made here. */
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { utf8 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { shellWord } from "../../core/shell-word.ts";
import { answersText, parseAnswers } from "../../setup/answers-file.ts";
import type { Answers } from "../../setup/answers.ts";
import { errandsText } from "../../setup/errands-text.ts";
import { FILES } from "../../setup/files.ts";
import { givenUp } from "../../setup/given-up.ts";
import { sheetsHtml } from "../../setup/sheets-html.ts";
import { sheetsText } from "../../setup/sheets-text.ts";
import { optionalFlag, switchedOn, type Call, type Outcome } from "../../terminal/command.ts";
import { FILE_EXISTS, readInput, writeOutput } from "../../terminal/files.ts";
import { drawFacts } from "../../terminal/table.ts";
import { drawAnswers } from "./drawing.ts";
import { askAnswers } from "./questions.ts";

export async function begin(call: Call, dir: string): Promise<Outcome> {
  assertFree(call, dir);
  const file = optionalFlag(call.flags, "answers");
  const answers =
    file === undefined
      ? await askAnswers(call.io, dir)
      : parseAnswers(await readInput(call.io, file, LIMITS.smallDocumentBytesMax, "--answers"));
  const written = filesOf(answers).map(([name, text]) => write(call, join(dir, name), text));
  const { network, template, people } = answers;
  return {
    data: { dir, files: written, network, template, people: people.length },
    // Whoever was asked has just read them and agreed.
    text: drawFacts([...(file === undefined ? [] : drawAnswers(answers)), ["written", written.join(", ")]]),
    warnings: file === undefined ? [] : givenUp(answers).map((says) => `this house gives up: ${says}`),
    next: `custody setup ${shellWord(dir)} --continue   (print ${shellWord(join(dir, FILES.sheets))} and follow ${shellWord(join(dir, FILES.errands))} until the cards are there)`,
  };
}

// Before the questions: nobody should answer twenty of them for nothing.
function assertFree({ io, flags }: Call, dir: string): void {
  const path = join(dir, FILES.answers);
  if (switchedOn(flags, "force") || !existsSync(resolve(io.cwd, path))) return;
  throw FILE_EXISTS(`${path} already exists: a set-up was begun here`, {
    field: "dir",
    hint: `custody setup ${shellWord(dir)} --continue, or add --force to begin anew`,
  });
}

function filesOf(answers: Answers): readonly (readonly [name: string, text: string])[] {
  return [
    [FILES.errands, errandsText(answers)],
    [FILES.sheets, sheetsHtml(answers)],
    [FILES.sheetsAsText, sheetsText(answers)],
    // Last: with it a set-up is begun, and a crash before leaves none.
    [FILES.answers, answersText(answers)],
  ];
}

function write({ io, dryRun, flags }: Call, path: string, text: string): string {
  if (dryRun) return path;
  mkdirSync(resolve(io.cwd, path, ".."), { recursive: true, mode: 0o700 });
  writeOutput(io, path, utf8(text), { force: switchedOn(flags, "force") });
  return path;
}
