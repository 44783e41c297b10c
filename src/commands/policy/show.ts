import { utf8 } from "../../core/hex.ts";
import { isCarried } from "../../terminal/carry.ts";
import { optionalFlag, requiredFlag, switchedOn, type Run } from "../../terminal/command.ts";
import { writeOutput } from "../../terminal/files.ts";
import { USAGE } from "../../terminal/program.ts";
import { drawFacts } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { drawPolicy } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const out = isCarried(call) ? requiredFlag(call.flags, "out") : optionalFlag(call.flags, "out");
    const indent = switchedOn(call.flags, "indent");
    if (indent && isCarried(call))
      throw USAGE("what is written for editing is no document, and does not cross", {
        field: "--indent",
        hint: "leave out --indent, or the flags for QR codes",
      });
    if (out !== undefined && indent) {
      const text = `${JSON.stringify(policy.body, undefined, 2)}\n`;
      writeOutput(call.io, out, utf8(text), { force: switchedOn(call.flags, "force") });
    } else if (out !== undefined) await writeDocument(call, out, policy);
    const facts = drawFacts([["active", `policy number ${policy.body.number}`], ...drawPolicy(policy)]);
    return {
      data: { digest: policy.digest, policy: policy.body },
      text: out === "-" ? "" : facts,
      next: out === undefined || out === "-" ? undefined : NEXT[indent ? "edit" : "pin"](out),
    };
  });

const NEXT = {
  edit: (out: string) => `custody policy draft --from ${out} --out policy.draft.json   (once it is edited)`,
  pin: (out: string) =>
    `custody-signer policy pin --in ${out}   (at each signer; and at each desk: custody desk init --policy ${out})`,
} as const;
