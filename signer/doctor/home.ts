/** The home: who may read it, what its journal and policy say. */
import { counted } from "../../src/core/count.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { filledPermille } from "../journal/journal-file.ts";
import { looseFiles, type Home } from "../keystore/home.ts";
import type { Loaded } from "../keystore/load.ts";
import type { Check } from "./check.ts";

export function permissionCheck(home: Home): Check {
  const loose = looseFiles(home);
  return loose.length === 0
    ? { name: "permissions", result: "ok", says: "the home is readable by its owner alone" }
    : {
        name: "permissions",
        result: "failed",
        says: `others may read or write ${loose.join(", ")}: chmod go-rwx them`,
      };
}

/** Of a journal's room, in permille, from which on people are told to begin a new epoch in time. */
const FILLED_PERMILLE = 900;

export function journalCheck({ read }: Loaded): Check {
  const { lines, archive } = read.journal;
  const former = archive.length === 0 ? "" : ` and ${archive.length} of former epochs`;
  const filled = filledPermille(read);
  const full = `; ${filled / 10} percent of its room is used, begin a new epoch before it is full`;
  return {
    name: "journal",
    result: read.torn === 0 && filled < FILLED_PERMILLE ? "ok" : "warning",
    says: `${counted(lines.length, "entry", "entries")}${former}, verified${read.torn === 0 ? "" : "; a torn last line is dropped"}${filled < FILLED_PERMILLE ? "" : full}`,
  };
}

export function policyCheck(policy: Policy | undefined, clock: Instant, journalTime: Instant): Check {
  if (policy === undefined)
    return { name: "policy", result: "warning", says: "no policy is pinned: custody-signer policy pin" };
  const { number, expires } = policy;
  const over = later(clock, journalTime) > expires;
  return {
    name: "policy",
    result: over ? "failed" : "ok",
    says: `number ${number} ${over ? "expired at" : "is in force to"} ${expires}`,
  };
}
