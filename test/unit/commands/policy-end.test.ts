/** The end of the policy in force: what is said before it comes, at its last second, and after it. */
import { beforeEach, describe, expect, test } from "vitest";
import { drawPolicyEnd, hasEnded, NEXT_POLICY, warnOfEnd } from "../../../src/commands/policy-end.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { assertInForce } from "../../../signer/gates/g3-policy.ts";
import { ask, step } from "../../attack/online.ts";
import { faultOf } from "../../factory/command-line.ts";
import { makeCustody, stateFor } from "../../factory/custody.ts";
import { genesisPolicy } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { at } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const END = at("12:00:00");
const DAY = 86_400;
const policy = genesisPolicy({ expires: END });

describe("what is told of a policy's end", () => {
  test.each([
    ["fifteen days before it", -15 * DAY, `number 4, until ${END}`],
    ["fourteen days before it, to the second", -14 * DAY, `number 4, until ${END}`],
    ["a second later", -14 * DAY + 1, `number 4, until ${END} (in 13d: draft the next one)`],
    ["an hour before it", -3600, `number 4, until ${END} (in 1h: draft the next one)`],
    ["a second after it", 1, `number 4, ENDED at ${END}: no signer signs by it`],
  ])("%s", (_when, seconds, told) => {
    expect(drawPolicyEnd(4, END, addSeconds(END, seconds))).toBe(told);
  });

  test("whoever builds or exports is warned once it has ended, and not before", () => {
    expect(warnOfEnd(policy, addSeconds(END, 1))).toEqual([
      `policy number 1 ended at ${END}: every signer refuses this until the next one is pinned`,
    ]);
    expect(warnOfEnd(policy, END)).toEqual([]);
  });

  test.each([-1, 0, 1])("%i s from its end, this host and a signer say the same", (seconds) => {
    const now = addSeconds(END, seconds);
    const signs = () => assertInForce(stateFor(makeCustody({ expires: END }), { clock: now }));
    if (hasEnded(END, now)) expect(signs).toThrow(expect.objectContaining({ rule: "POLICY_EXPIRED" }));
    else expect(signs).not.toThrow();
    expect(hasEnded(END, now)).toBe(seconds > 0);
  });

  test("what is typed then is a command that there is", () => {
    expect(faultOf(NEXT_POLICY.replace(/ {3}\(.*\)$/, ""))).toBeUndefined();
  });
});

describe("status", () => {
  let home: OnlineHome;
  beforeEach(async () => {
    home = await onlineHome({ expires: END });
    home.inside((store) => {
      const desk = homeDesk(store, { expires: END });
      fund(desk);
      const { id } = ask(desk, "k", 1000n);
      step(desk, (tx) => {
        const { version } = PORTS.getWithdrawal(tx, id);
        PORTS.moveWithdrawal(tx, id, { version, to: "READY", event: "test" });
      });
    });
  });
  const glance = async (now = END) => {
    const { data, stderr } = await home.run("status", { now });
    return { data, stderr, text: await home.text("status", { now }) };
  };

  test("before its end it says until when, and what waits comes next", async () => {
    const { data, stderr, text } = await glance(at("11:00:00"));
    expect(data).toMatchObject({ policy: 1, policyExpires: END });
    expect(text).toMatch(/policy +number 1, until .*\(in 1h: draft the next one\)/);
    expect(stderr).toContain("Next: custody withdraw build --wallet vault\n");
  });

  test("after it the next policy comes first, whatever waits", async () => {
    const { stderr, text } = await glance(addSeconds(END, 1));
    expect(text).toMatch(/policy +number 1, ENDED at /);
    expect(stderr).toContain(`Next: ${NEXT_POLICY}\n`);
  });

  test("at its last second it holds", async () => {
    expect((await glance()).stderr).not.toContain(NEXT_POLICY);
  });
});
