/** `custody dlq`: what was given up is listed, and two persons decide; one, or the operator alone, does not. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import { LETTER_PORTS } from "../../../src/home/ports.ts";
import { write } from "../../../src/store/transaction.ts";
import { noteFailure } from "../../../src/withdrawals/settling/dead-letters.ts";
import { signedDocument } from "../../factory/documents.ts";
import { ANNA, at, BEN, fixtureDigest, fixtureId, OSCAR, type Cast } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const LETTER = fixtureId("letter");
const now = at("09:00:00");

let operations = 0;

async function withLetter(entity = "delivery"): Promise<OnlineHome> {
  const home = await onlineHome();
  await beginSession(home);
  giveUp(home, entity);
  return home;
}

function giveUp(home: OnlineHome, entity = "delivery"): void {
  operations += 1;
  const context = { operation: fixtureId(`dlq ${operations}`), command: "test", actor: "watcher", now };
  const subject = { entity, id: fixtureId("thing"), step: "webhook" };
  const failure = { class: "exhausted", code: "NOTIFY_FAILED", why: "the receiver answered 500" } as const;
  const about = { id: LETTER, payload: fixtureDigest("payload"), now, forGood: true };
  home.inside((store) =>
    write(store, context, (tx) => void noteFailure(LETTER_PORTS, tx, subject, failure, about)),
  );
}

/** Has the warrant drafted and signs it. */
async function warrant(home: OnlineHome, act: string, signers: readonly Cast[]): Promise<void> {
  await home.run(`dlq ${act} ${LETTER} --out warrant.json --force`);
  const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path("warrant.json"))));
  home.write("warrant.signed.json", documentBytes(signedDocument(draft, signers, now)));
}

const decided = (home: OnlineHome, act: string, more = "") =>
  home.run(`dlq ${act} ${LETTER} --warrant warrant.signed.json${more}`);

describe("custody dlq", () => {
  test("lists what is open and shows why", async () => {
    const home = await withLetter();
    const { data } = await home.run("dlq list");
    expect(data).toMatchObject([{ letter: LETTER, state: "OPEN", class: "exhausted", attempts: 1 }]);
    expect((await home.run("dlq list --state dropped")).data).toEqual([]);
    expect((await home.run("dlq list --state all")).data).toHaveLength(1);
    expect(await home.run("dlq list --state gone")).toMatchObject({
      exit: 2,
      error: { code: "LETTER_STATE_UNKNOWN" },
    });
    expect(await home.text(`dlq show ${LETTER}`)).toContain("the receiver answered 500");
    expect(await home.run(`dlq show ${fixtureId("no letter")}`)).toMatchObject({ exit: 5 });
  });

  test("requeues by a warrant of two persons, once for each round", async () => {
    const home = await withLetter();
    await warrant(home, "requeue", [ANNA, BEN]);
    const dry = await decided(home, "requeue", " --dry-run");
    expect(dry).toMatchObject({ exit: 0, data: { state: "REQUEUED" } });
    expect(await decided(home, "requeue")).toMatchObject({ exit: 0, data: { state: "REQUEUED" } });
    expect(await decided(home, "requeue")).toMatchObject({ exit: 6, error: { code: "WARRANT_USED" } });
    giveUp(home);
    expect(await decided(home, "requeue")).toMatchObject({ exit: 4, error: { code: "WARRANT_OTHER_ACT" } });
    await warrant(home, "requeue", [ANNA, BEN]);
    expect(await decided(home, "requeue")).toMatchObject({ exit: 0, data: { attempts: 2 } });
    expect(await home.run("audit verify")).toMatchObject({ exit: 0 });
  });

  test("one person, the operator's word, or a warrant for the other act is not enough", async () => {
    const home = await withLetter();
    await warrant(home, "requeue", [ANNA]);
    expect(await decided(home, "requeue")).toMatchObject({ exit: 4, error: { code: "WARRANT_UNSIGNED" } });
    await warrant(home, "requeue", [ANNA, OSCAR]);
    expect(await decided(home, "requeue")).toMatchObject({ exit: 4, error: { code: "WARRANT_UNSIGNED" } });
    await warrant(home, "drop", [ANNA, BEN]);
    expect(await decided(home, "requeue")).toMatchObject({ exit: 4, error: { code: "WARRANT_OTHER_ACT" } });
    expect(await decided(home, "drop")).toMatchObject({ exit: 0, data: { state: "DROPPED" } });
  });

  test("nothing is decided without a session, and nothing is dropped that may move coins", async () => {
    const home = await withLetter("plan");
    await warrant(home, "drop", [ANNA, BEN]);
    const dropped = await decided(home, "drop");
    expect(dropped).toMatchObject({ exit: 6, error: { code: "LETTER_IN_USE" } });
    await home.run("session end");
    expect(await decided(home, "drop")).toMatchObject({ exit: 4, error: { code: "SESSION_MISSING" } });
    expect(await home.run(`dlq drop ${LETTER} --out another.json`)).toMatchObject({
      exit: 4,
      error: { code: "SESSION_MISSING" },
    });
  });
});
