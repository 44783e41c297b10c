import { counted } from "../../core/count.ts";
import { makeDocument } from "../../core/document.ts";
import { RESUME } from "../../core/documents/halt.ts";
import { declareError } from "../../core/errors.ts";
import { parseId } from "../../core/identifier.ts";
import { scopeText } from "../../core/policy/halts.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { isCarried } from "../../terminal/carry.ts";
import { optionalFlag, requiredFlag, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { haltsNow } from "../../withdrawals/deciding/evidence.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { endHaltFlag, getHaltFlag } from "../../store/halt-flags.ts";
import { byWarrant } from "../warrants.ts";
import { describeFlags, describeHalts, drawHalts } from "./draw.ts";

export const HALT_NOT_IN_FORCE = declareError(
  "HALT_NOT_IN_FORCE",
  "notFound",
  "No halt is in force, or not the one that was named, or several are.",
);

const ENDING = { admin: "of the watcher: two admins", approver: "of an operator: two approvers" };

/**
 * Shows the halts in force. With `--out` it drafts what the resume quorum signs; with `--flag` the warrant by which two
 * persons end a flag of this host, and with that warrant ends it.
 */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const flag = optionalFlag(call.flags, "flag");
    return flag === undefined ? resumeHalt(online, policy) : resumeFlag(online, policy, flag);
  });

async function resumeFlag(online: Online, policy: PolicyDocument, text: string): Promise<Outcome> {
  const { store } = online;
  const { id, code, scope, version } = getHaltFlag(store, parseId(text, "--flag"));
  // What was raised again since they signed, they have not seen.
  const act = { do: "lift", flag: id, code, version } as const;
  const facts = [["flag", `${id}: ${scopeText(scope)} (${code})`] as const];
  const result = await byWarrant(online, policy, act, (tx) => endHaltFlag(tx, id, version));
  return {
    data: { flag: id, scope: scopeText(scope), code, inForce: result.drafted },
    text: drawFacts(result.drafted ? facts : [...facts, ["halted here", "ended"]]),
    next: result.drafted ? result.next : "custody status",
  };
}

async function resumeHalt(online: Online, policy: PolicyDocument): Promise<Outcome> {
  const { call, store } = online;
  const halts = haltsNow(READS, store);
  const [described, flags] = [describeHalts(online), describeFlags(online)];
  const out = isCarried(call) ? requiredFlag(call.flags, "out") : optionalFlag(call.flags, "out");
  const asked = optionalFlag(call.flags, "halt");
  const [halt, another] = asked === undefined ? halts : halts.filter(({ digest }) => digest === asked);
  if ((out !== undefined || asked !== undefined) && (halt === undefined || another !== undefined)) {
    throw HALT_NOT_IN_FORCE(
      halt === undefined ? "no such halt is in force" : "several halts are in force: name one",
      { field: "--halt", hint: "custody emergency resume   (lists them)" },
    );
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
  const sign = `custody desk sign ${shellWord(out ?? "resume.json")} --as resume --identity NAME.key --out resume.signed.json`;
  const quorum = counted(policy.body.quorums.resume, "approver");
  const facts = [
    ...drawHalts(described, flags),
    ...(halt === undefined && flags.length > 0
      ? []
      : [["quorum", `${quorum}, each at a desk: ${sign}`] as const]),
    ...(["admin", "approver"] as const)
      .filter((role) => flags.some(({ endedBy }) => endedBy === role))
      .map((role) => ["a flag", `${ENDING[role]} sign a warrant: --flag ID --out warrant.json`] as const),
  ];
  const [flag] = flags;
  const draft =
    halt === undefined
      ? flag && `--flag ${flag.flag} --out warrant.json`
      : `--halt ${halt.digest} --out resume.json`;
  return {
    data: {
      needed: policy.body.quorums.resume,
      halts: described,
      flags,
      ...(out === undefined ? {} : { file: out }),
    },
    text: out === "-" ? "" : drawFacts(facts),
    next:
      draft === undefined
        ? "custody status"
        : out === undefined
          ? `custody emergency resume ${shellWord(draft)}`
          : sign,
  };
}
