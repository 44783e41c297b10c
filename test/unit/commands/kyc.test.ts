import { beforeEach, describe, expect, test } from "vitest";
import type { Instant } from "../../../src/core/instant.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { at } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

let home: OnlineHome;
beforeEach(async () => {
  home = await onlineHome();
  await beginSession(home);
  for (const ref of ["c-1", "c-2", "c-3"]) await home.run(`customer add --ref ${ref}`);
});

const ACCEPT = "kyc review --customer c-1 --decision accept --tier basic --days 30 --reason checked";
const show = async (ref = "c-1", now?: Instant) =>
  (await home.run(`kyc show --customer ${ref}`, now === undefined ? {} : { now })).data;

describe("custody kyc", () => {
  test("submit, review, suspend, show: one customer's way, each step with a next one", async () => {
    expect(await show()).toMatchObject({ state: "NONE", denial: "KYC_MISSING", decisions: [] });
    const submitted = await home.run("kyc submit --customer c-1");
    expect(submitted).toMatchObject({ exit: 0, data: { state: "SUBMITTED", denial: "KYC_NOT_ACCEPTED" } });
    expect(submitted.stderr).toMatch(/^Next: custody kyc review --customer c-1 /);
    const accepted = await home.run(ACCEPT);
    expect(accepted.data).toMatchObject({
      state: "ACCEPTED",
      tier: "basic",
      expires: "2026-12-22T09:00:00Z",
    });
    expect(accepted.data.denial).toBeUndefined();
    expect(accepted.stderr).toMatch(/^Next: custody beneficiary add --customer c-1 /);
    expect(await show("c-1", "2026-12-22T09:00:01Z" as Instant)).toMatchObject({ denial: "KYC_EXPIRED" });
    expect((await home.run("customer show c-1")).data.kyc).toMatchObject({
      state: "ACCEPTED",
      tier: "basic",
    });
    expect(await home.text("customer show c-1")).toMatch(/KYC +ACCEPTED, tier basic, good until 2026-12-22/);
    const suspended = await home.run("kyc suspend --customer c-1 --reason list-hit");
    expect(suspended).toMatchObject({ exit: 0, data: { state: "SUSPENDED", denial: "KYC_SUSPENDED" } });
    await home.run("kyc review --customer c-1 --decision reject --reason fraud");
    const { decisions } = await show();
    expect(
      decisions.map(({ actor, from, to, reason }: Record<string, string>) =>
        [actor, from, to, reason].join(" "),
      ),
    ).toEqual([
      "oscar NONE SUBMITTED ",
      "oscar SUBMITTED ACCEPTED checked",
      "oscar ACCEPTED SUSPENDED list-hit",
      "oscar SUSPENDED REJECTED fraud",
    ]);
    expect(await home.text("kyc show --customer c-1")).toContain("SUSPENDED\tREJECTED\t\t\tfraud");
    expect(new Set(decisions.map(({ operation }: { operation: string }) => operation)).size).toBe(4);
  });

  test("a decision needs a session that is in use", async () => {
    const late = { now: at("09:31:00") };
    const lines = [
      "kyc submit --customer c-1",
      ACCEPT,
      "kyc suspend --customer c-1 --reason r",
      "kyc import list",
    ];
    for (const line of lines)
      expect(await home.run(line, late), line).toMatchObject({ exit: 4, error: { code: "SESSION_IDLE" } });
    await home.run("session end");
    for (const line of lines)
      expect(await home.run(line), line).toMatchObject({ exit: 4, error: { code: "SESSION_MISSING" } });
    expect(await home.run("kyc show --customer c-1")).toMatchObject({ exit: 0 });
  });

  test("a dry run says what would come of it and changes nothing", async () => {
    const rows = home.inside((store) => verifyAudit(store).rows);
    const dry = await home.run("kyc submit --customer c-1 --dry-run");
    expect(dry).toMatchObject({ data: { state: "SUBMITTED" }, warnings: ["dry run: nothing was changed"] });
    expect(home.inside((store) => verifyAudit(store).rows)).toBe(rows);
  });

  const REFUSED: readonly (readonly [exit: number, code: string, line: string])[] = [
    [5, "CUSTOMER_UNKNOWN", "kyc submit --customer nobody"],
    [6, "STATE_CONFLICT", ACCEPT.replaceAll("c-1", "c-2")],
    [6, "STATE_CONFLICT", "kyc suspend --customer c-2 --reason r"],
    [2, "FLAG_MISSING", ACCEPT.replace(" --tier basic", "")],
    [2, "FLAG_MALFORMED", ACCEPT.replace("accept", "maybe")],
    [2, "FLAG_MALFORMED", ACCEPT.replace("accept", "reject")],
    [2, "FLAG_MALFORMED", "kyc review --customer c-1 --decision reject --days 3 --reason r"],
    [2, "FLAG_MALFORMED", ACCEPT.replace("30", "0")],
    [2, "FLAG_MALFORMED", ACCEPT.replace("30", "3651")],
    [3, "NAME_MALFORMED", ACCEPT.replace("checked", "John_Smith")],
    [3, "NAME_MALFORMED", ACCEPT.replace("basic", "Basic")],
    [2, "USAGE", "kyc suspend --customer c-1"],
  ];
  test("every mistake has its exit code, and after all of them the right line still works", async () => {
    await home.run("kyc submit --customer c-1");
    for (const [exit, code, line] of REFUSED)
      expect(await home.run(line), line).toMatchObject({ exit, error: { code } });
    expect(await home.run(ACCEPT)).toMatchObject({ exit: 0 });
  });
});

describe("custody kyc import", () => {
  const line = (ref: string, fields: object = {}) =>
    JSON.stringify({
      ref,
      decision: "accept",
      tier: "basic",
      expires: "2027-11-22T00:00:00Z",
      reason: "checked",
      ...fields,
    });

  test("takes the good lines, names the bad ones, and may be run again", async () => {
    await home.run("kyc submit --customer c-3");
    await home.run(ACCEPT.replaceAll("c-1", "c-3"));
    await home.run("kyc suspend --customer c-3 --reason list-hit");
    home.write(
      "list.jsonl",
      [line("c-1"), "{", line("nobody"), line("c-3"), line("c-2", { expires: "2020-01-01T00:00:00Z" })].join(
        "\n",
      ),
    );
    const answer = await home.run("kyc import list.jsonl");
    expect(answer).toMatchObject({ exit: 3, error: { code: "KYC_LINES_REFUSED" } });
    expect(answer.data).toMatchObject([
      { line: 1, ref: "c-1", outcome: "accepted" },
      { line: 2, outcome: "refused", code: "KYC_LINE_MALFORMED" },
      { line: 3, ref: "nobody", outcome: "refused", code: "CUSTOMER_UNKNOWN" },
      { line: 4, ref: "c-3", outcome: "refused", code: "STATE_CONFLICT" },
      { line: 5, ref: "c-2", outcome: "refused", code: "KYC_LIFE_MALFORMED" },
    ]);
    expect(await show("c-1")).toMatchObject({ state: "ACCEPTED" });
    expect(await show("c-2")).toMatchObject({ state: "NONE", decisions: [] });
    expect(await show("c-3")).toMatchObject({ state: "SUSPENDED" });

    home.write(
      "list.jsonl",
      [line("c-1"), '{"ref":"c-2","decision":"reject","reason":"no-answer"}'].join("\n"),
    );
    expect(await home.run("kyc import list.jsonl")).toMatchObject({
      exit: 0,
      data: [
        { ref: "c-1", outcome: "unchanged" },
        { ref: "c-2", outcome: "rejected" },
      ],
    });
    expect(await home.text("kyc import list.jsonl")).toBe("1\tc-1\tunchanged\t\n2\tc-2\tunchanged\t\n");
  });

  test("reads stdin, and changes nothing in a dry run", async () => {
    const input = new TextEncoder().encode(line("c-1"));
    const dry = await home.run("kyc import - --dry-run", { input });
    expect(dry.data).toMatchObject([{ outcome: "accepted" }]);
    expect(await show()).toMatchObject({ state: "NONE" });
    await home.run("kyc import -", { input });
    expect(await show()).toMatchObject({ state: "ACCEPTED" });
  });

  test("lists longer than one transaction are taken whole", async () => {
    const many = Array.from({ length: 1203 }, (_, index) => line(index === 1100 ? "c-2" : `x-${index}`));
    home.write("list.jsonl", many.join("\n"));
    const { data } = await home.run("kyc import list.jsonl");
    expect(data).toHaveLength(1203);
    expect(data.filter(({ outcome }: { outcome: string }) => outcome === "accepted")).toMatchObject([
      { line: 1101, ref: "c-2" },
    ]);
    expect(await show("c-2")).toMatchObject({ state: "ACCEPTED" });
  });
});
