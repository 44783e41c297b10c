import { documentBytes } from "../../core/document.ts";
import { parseId } from "../../core/identifier.ts";
import { shellWord } from "../../core/shell-word.ts";
import { collectEvidence } from "../../evidence/collect.ts";
import { EVIDENCE_PORTS } from "../../home/ports.ts";
import { withOnline } from "../../home/online.ts";
import { atOnce } from "../../store/statement.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { writeDocument } from "../documents.ts";

export const run: Run = async (call) =>
  withOnline(call, async ({ store }) => {
    const id = parseId(call.args[0] ?? "", "id");
    const document = atOnce(store, () => collectEvidence(EVIDENCE_PORTS, store, id, call.io.now()));
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, document);
    const { custody, audit } = document.body;
    const bytes = documentBytes(document).length;
    return {
      data: { file: out, withdrawal: id, digest: document.digest, custody, root: audit.root, bytes },
      text: out === "-" ? "" : `${out}: evidence about ${id}, ${bytes} bytes`,
      next: `custody evidence verify ${shellWord(out)} --policy-digest ${custody}`,
    };
  });
