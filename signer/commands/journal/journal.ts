import { CARRY_OPTIONS } from "../../../src/terminal/carry-options.ts";
import type { Noun } from "../../../src/terminal/command.ts";
import { PASSPHRASE_OPTIONS } from "../../../src/terminal/passphrase.ts";
import { NETWORK, OUT } from "../options.ts";

export const journal: Noun = {
  name: "journal",
  about: "what this signer has done, as a chain of signed entries",
  verbs: [
    {
      name: "show",
      about: "list the entries with their heads",
      options: [NETWORK],
      load: () => import("./show.ts"),
    },
    {
      name: "verify",
      about: "verify every entry, signature and document",
      options: [
        { flags: "--export <file>", about: "verify another machine's export in the place of this journal" },
        { flags: "--key <key>", about: "with --export: the signer key whose journal it must be" },
        NETWORK,
      ],
      examples: ["custody-signer journal verify --export journal.jsonl --key KEY"],
      load: () => import("./verify.ts"),
    },
    {
      name: "export",
      about: "write the whole journal, former epochs first: for a backup, a replay or an auditor",
      options: [...OUT, ...CARRY_OPTIONS, NETWORK],
      examples: ["custody-signer journal export --out journal.jsonl"],
      load: () => import("./export.ts"),
    },
    {
      name: "rebuild",
      about: "take over what is left of a former epoch's journal, so that this epoch does not forget it",
      options: [
        {
          flags: "--from <file...>",
          about:
            "exports, or receipts with their requests, voids, rejections, halts, resumes, of former epochs",
          required: true,
        },
        ...PASSPHRASE_OPTIONS,
        NETWORK,
      ],
      examples: ["custody-signer journal rebuild --from journal.jsonl receipt-*.json"],
      changes: true,
      load: () => import("./rebuild.ts"),
    },
  ],
};
