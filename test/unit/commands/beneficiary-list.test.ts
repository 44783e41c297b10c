/** `beneficiary list` page by page: every destination once, of one customer where one is asked for. */
import { expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import { saveDocument } from "../../../src/store/documents.ts";
import { CUSTOMER, step } from "../../attack/online.ts";
import { beneficiary } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { at, fixtureId } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const OTHER = fixtureId("another customer");
const ACCOUNT = beneficiary().body.account;

/** Three destinations of one customer and one of another. */
async function listed(): Promise<OnlineHome> {
  const home = await onlineHome();
  home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    step(desk, (tx) => {
      insertCustomer(tx, { id: OTHER, ref: "c-2" });
      for (const [number, customer] of [CUSTOMER, CUSTOMER, CUSTOMER, OTHER].entries())
        saveDocument(
          tx,
          beneficiary({
            custody: desk.custody.id,
            customer,
            id: fixtureId(`b ${number}`),
            account: ACCOUNT.slice(0, -1).concat(String(number)) as AccountId,
          }),
        );
    });
  });
  return home;
}

test("pages hold each destination once, in one order, and say how to go on", async () => {
  const home = await listed();
  const all = (await home.run("beneficiary list")).data.map(({ digest }: { digest: string }) => digest);
  expect([all.length, new Set(all).size]).toEqual([4, 4]);
  const found: string[] = [];
  for (let more = ""; found.length < 4; more = ` --after ${found.at(-1)}`) {
    const { data, stderr } = await home.run(`beneficiary list --limit 1${more}`);
    expect(data).toHaveLength(1);
    found.push(data[0].digest);
    expect(stderr).toContain(`custody beneficiary list --limit 1 --after ${found.at(-1)}`);
  }
  expect(found).toEqual(all);
  expect((await home.run(`beneficiary list --after ${all.at(-1)}`)).data).toEqual([]);
});

test("of one customer, page by page too; a page that is no page is refused", async () => {
  const home = await listed();
  const { data } = await home.run("beneficiary list --customer c-1 --limit 2", { now: at("09:00:00") });
  expect(data.map(({ customer }: { customer: string }) => customer)).toEqual(["c-1", "c-1"]);
  const rest = await home.run(`beneficiary list --customer c-1 --limit 2 --after ${data[1].digest}`);
  expect(rest.data).toHaveLength(1);
  expect((await home.run("beneficiary list --after gone")).exit).toBe(3);
  expect((await home.run("beneficiary list --limit 0")).exit).toBe(2);
});
