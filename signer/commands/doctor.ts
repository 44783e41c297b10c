import { networkInterfaces } from "node:os";
import { counted } from "../../src/core/count.ts";
import { CustodyError, declareError } from "../../src/core/errors.ts";
import { later } from "../../src/core/instant.ts";
import type { Call, Run } from "../../src/terminal/command.ts";
import { drawTable } from "../../src/terminal/table.ts";
import { homeOfCall, looseFiles, type Home } from "../keystore/home.ts";
import { load } from "../keystore/load.ts";

type Check = {
  readonly name: string;
  readonly result: "ok" | "warning" | "failed";
  readonly says: string;
};

export const SIGNER_UNSOUND = declareError("SIGNER_UNSOUND", "verification", "A check of the signer failed.");

/** Looks for what would make this signer refuse, or be unsafe. Changes nothing. */
export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const checks = [checkPermissions(home), ...checkMemory(call, home), checkNetwork()];
  const failed = checks.some(({ result }) => result === "failed");
  return {
    data: { network: home.network, checks },
    text: drawTable(
      [{ head: "CHECK" }, { head: "RESULT" }, { head: "SAYS" }],
      checks.map(({ name, result, says }) => [name, result, says]),
      call.io.stdout,
    ),
    warnings: checks.filter(({ result }) => result === "warning").map(({ says }) => says),
    failure: failed
      ? SIGNER_UNSOUND("this signer is not fit to sign", { hint: "mend what the table says FAILED" })
      : undefined,
  };
};

function checkPermissions(home: Home): Check {
  const loose = looseFiles(home);
  return loose.length === 0
    ? { name: "permissions", result: "ok", says: "the home is readable by its owner alone" }
    : {
        name: "permissions",
        result: "failed",
        says: `others may read or write ${loose.join(", ")}: chmod go-rwx them`,
      };
}

function checkMemory({ io }: Call, home: Home): readonly Check[] {
  try {
    const { read, policy } = load(home);
    const { lines, archive } = read.journal;
    const former = archive.length === 0 ? "" : ` and ${archive.length} of former epochs`;
    const journal: Check = {
      name: "journal",
      result: read.torn === 0 ? "ok" : "warning",
      says: `${counted(lines.length, "entry", "entries")}${former}, verified${read.torn === 0 ? "" : "; a torn last line is dropped"}`,
    };
    if (policy === undefined)
      return [
        journal,
        { name: "policy", result: "warning", says: "no policy is pinned: custody-signer policy pin" },
      ];
    const { number, expires } = policy.body;
    const over = later(io.now(), read.journal.time) > expires;
    return [
      journal,
      {
        name: "policy",
        result: over ? "failed" : "ok",
        says: `number ${number} ${over ? "expired at" : "is in force to"} ${expires}`,
      },
    ];
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return [{ name: "journal", result: "failed", says: error.message }];
  }
}

// Isolation is physical; this only notices what was forgotten.
function checkNetwork(): Check {
  const up = Object.entries(networkInterfaces()).filter(([, addresses]) =>
    addresses?.some(({ internal }) => !internal),
  );
  return up.length === 0
    ? { name: "network", result: "ok", says: "no network interface besides loopback is up" }
    : {
        name: "network",
        result: "warning",
        says: `network interfaces are up: ${up.map(([name]) => name).join(", ")}`,
      };
}
