import { statSync } from "node:fs";
import { CustodyError, declareError } from "../core/errors.ts";
import { verifyAudit } from "../store/audit.ts";
import { databaseProblems, verifyLedger } from "../store/integrity.ts";
import type { Run } from "../terminal/command.ts";
import { drawTable } from "../terminal/table.ts";
import { databaseFile, requirePolicy, requireSession, withOnline, type Online } from "../home/online.ts";
import { withNode } from "../home/node.ts";

export const TROUBLE_FOUND = declareError("TROUBLE_FOUND", "verification", "A check of this host found something that has to be mended.");

type Check = { readonly check: string; readonly ok: boolean; readonly result: string; readonly fix: string };

/** Looks at everything that this host needs and says what to do about what is missing. Exit 7 when anything is. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const checks: Check[] = [];
    const probe = async (check: string, look: () => string | Promise<string>) => {
      try {
        checks.push({ check, ok: true, result: await look(), fix: "" });
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
        checks.push({ check, ok: false, result: error.message, fix: error.hint ?? "" });
      }
    };
    await probe("files", () => privateFiles(online));
    await probe("database", () =>
      databaseProblems(online.store).length === 0 ? "whole" : "damaged: custody db check",
    );
    await probe("ledger", () => `${verifyLedger(online.store).postings} postings verified`);
    await probe("audit tree", () => `${verifyAudit(online.store).rows} rows verified`);
    await probe(
      "policy",
      () => `number ${requirePolicy(online).body.number}, until ${requirePolicy(online).body.expires}`,
    );
    await probe(
      "session",
      () => `${requireSession(online).operator}, until ${requireSession(online).expires}`,
    );
    await probe("bitcoin node", () =>
      withNode(call, requirePolicy(online), async (node) => `height ${(await node.tip()).height}`),
    );
    const bad = checks.filter(({ ok }) => !ok).length;
    return {
      data: checks,
      text: drawTable(
        [{ head: "CHECK" }, { head: "RESULT" }, { head: "FIX" }],
        checks.map(({ check, ok, result, fix }) => [check, `${ok ? "ok" : "NO"}: ${result}`, fix]),
        call.io.stdout,
      ),
      failure: bad === 0 ? undefined : TROUBLE_FOUND(`${bad} of ${checks.length} checks found trouble`, { hint: "see FIX beside each" }),
    };
  });

function privateFiles({ call, network }: Online): string {
  const mode = statSync(databaseFile(call.home, network)).mode & 0o777;
  return mode === 0o600
    ? "private (0600)"
    : `mode ${mode.toString(8)}: chmod 600 ${databaseFile(call.home, network)}`;
}
