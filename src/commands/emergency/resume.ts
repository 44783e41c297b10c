import { counted } from "../../core/count.ts";
import { makeDocument } from "../../core/document.ts";
import { RESUME } from "../../core/documents/halt.ts";
import { declareError } from "../../core/errors.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { isCarried } from "../../terminal/carry.ts";
import { optionalFlag, requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { haltsNow } from "../../withdrawals/evidence.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { describeHalts, drawHalts } from "./draw.ts";

export const HALT_NOT_IN_FORCE = declareError(
  "HALT_NOT_IN_FORCE",
  "notFound",
  "No halt is in force, or not the one that was named, or several are.",
);

/** Shows the halts in force; with `--out` drafts the document that the resume quorum signs. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const halts = haltsNow(READS, online.store);
    const described = describeHalts(online);
    const out = isCarried(call) ? requiredFlag(call.flags, "out") : optionalFlag(call.flags, "out");
    const asked = optionalFlag(call.flags, "halt");
    const chosen = asked === undefined ? halts : halts.filter(({ digest }) => digest === asked);
    const [halt, another] = chosen;
    if (out !== undefined || asked !== undefined) {
      if (halt === undefined || another !== undefined) {
        throw HALT_NOT_IN_FORCE(
          halt === undefined ? "no such halt is in force" : "several halts are in force: name one",
          { field: "--halt", hint: "custody emergency resume   (lists them)" },
        );
      }
    }
    if (out !== undefined && halt !== undefined) {
      const resume = makeDocument(RESUME, {
        kind: "resume",
        version: 1,
        network: online.network,
        custody: custodyId(policy),
        halt: halt.digest,
        policy: policy.body.number,
      });
      await writeDocument(call, out, resume);
    }
    const file = out ?? "resume.json";
    const sign = `custody desk sign ${file} --as resume --identity NAME.key --out resume.signed.json`;
    return {
      data: {
        needed: policy.body.quorums.resume,
        halts: described,
        ...(out === undefined ? {} : { file: out }),
      },
      text:
        out === "-"
          ? ""
          : drawFacts([
              ...drawHalts(described),
              ["quorum", `${counted(policy.body.quorums.resume, "approver")}, each at a desk: ${sign}`],
            ]),
      next:
        halt === undefined
          ? "custody status"
          : out === undefined
            ? `custody emergency resume --halt ${halt.digest} --out resume.json`
            : sign,
    };
  });
