import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { drawPolicy } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const policy = requirePolicy(online);
    const out = optionalFlag(call.flags, "out");
    if (out !== undefined) writeDocument(call, out, policy);
    return {
      data: { digest: policy.digest, policy: policy.body },
      text:
        out === "-"
          ? ""
          : drawFacts([["active", `policy number ${policy.body.number}`], ...drawPolicy(policy)]),
      next:
        out === undefined || out === "-"
          ? undefined
          : `custody-signer policy pin --in ${out}   (at the signer), and at every desk: custody desk init --policy ${out}`,
    };
  });
