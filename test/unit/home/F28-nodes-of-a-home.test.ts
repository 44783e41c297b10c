/** F28, F11: which nodes a home asks, how many must agree, and when their newest block is too old to build from. */
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { describe, expect, test } from "vitest";
import { quorumOf, tipAge, tipAgeMax, whyStale, withNode } from "../../../src/home/node.ts";
import { genesisPolicy } from "../../factory/documents.ts";
import { at } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";

const policy = genesisPolicy();

/** The endpoints that are opened with these settings. */
async function opened(url: string, cookie: string, env: Readonly<Record<string, string>> = {}) {
  const { io } = fakeIo({ env: { HOME: "/nowhere", CUSTODY_BITCOIND_COOKIE: cookie, ...env } });
  return withNode({ io, flags: { bitcoindUrl: url } }, policy, ({ endpoints, quorum }) =>
    Promise.resolve({ endpoints, quorum }),
  );
}

describe("the nodes that are asked", () => {
  test("one, as ever; several in order, with a cookie file each", async () => {
    expect(await opened("http://127.0.0.1:1", "/a")).toEqual({ endpoints: ["127.0.0.1:1"], quorum: 1 });
    const three = await opened("http://127.0.0.1:1, http://127.0.0.1:2,http://127.0.0.1:3", "/a,/b,/c");
    expect(three).toEqual({ endpoints: ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"], quorum: 2 });
    const strict = { CUSTODY_NODE_QUORUM: "3" };
    expect(await opened("http://127.0.0.1:1,http://127.0.0.1:2", "/a,/b", strict)).toMatchObject({
      quorum: 2,
    });
  });

  test.each([
    ["fewer cookie files than addresses", "http://127.0.0.1:1,http://127.0.0.1:2", "/a"],
    ["one node twice, which would agree with itself", "http://127.0.0.1:1,http://127.0.0.1:1", "/a,/b"],
    ["one node by its name and its address", "http://127.0.0.1:8332,http://localhost:8332", "/a,/b"],
    ["one node with a slash behind it", "http://10.0.0.1:8332,http://10.0.0.1:8332/", "/a,/b"],
    ["one node by two paths", "http://10.0.0.1:8332,http://10.0.0.1:8332/wallet/a", "/a,/b"],
    ["one node in capitals, and with a dot", "http://node.example:8332,http://NODE.example.:8332", "/a,/b"],
    ["one node by its number", "http://127.0.0.1:8332,http://2130706433:8332", "/a,/b"],
    ["one node by its port's number and without", "http://10.0.0.1:80,http://10.0.0.1", "/a,/b"],
    ["this machine by two addresses of its own", "http://[::1]:8332,http://127.1.2.3:8332", "/a,/b"],
    [
      "this machine as old addresses are written in new ones",
      "http://[::ffff:127.0.0.1]:1,http://localhost:1",
      "/a,/b",
    ],
    ["an empty place", "http://127.0.0.1:1,", "/a,/b"],
  ])("%s is refused", async (_, url, cookie) => {
    await expect(opened(url, cookie)).rejects.toMatchObject({ code: "NODE_SETTINGS_INVALID" });
  });

  test.each([
    ["two ports of this machine", "http://127.0.0.1:8332,http://localhost:8333"],
    ["two machines", "http://10.0.0.1:8332,http://10.0.0.2:8332"],
    [
      "two names, one of which begins like this machine's",
      "http://localhost:8332,http://localhost.example:8332",
    ],
  ])("%s are two nodes", async (_, url) => {
    expect((await opened(url, "/a,/b")).endpoints).toHaveLength(2);
  });

  test("on mainnet never fewer than two must agree, however few are named", () => {
    expect([quorumOf(2, "mainnet", 1), quorumOf(1, "mainnet", 3), quorumOf(3, "mainnet", 3)]).toEqual([
      2, 2, 3,
    ]);
    expect([quorumOf(2, "regtest", 1), quorumOf(1, "testnet", 3), quorumOf(3, "regtest", 2)]).toEqual([
      1, 1, 2,
    ]);
  });
});

describe("F28: the age of the newest block", () => {
  test("a header ahead of our clock is no age below zero", () => {
    expect(tipAge(at("09:00:00"), at("09:10:00"))).toBe(600);
    expect(tipAge(at("09:10:00"), at("09:00:00"))).toBe(0);
  });

  test("nothing new stands on what is too old, or on what nodes do not agree on", () => {
    const why = (time: string | undefined) =>
      whyStale(
        time === undefined ? undefined : { height: 7, hash: "aa", time: at(time) },
        fakeIo({ env: { HOME: "/nowhere", CUSTODY_NODE_TIP_AGE_MINUTES: "30" }, now: at("10:00:00") }).io,
        BITCOIN_CHAINS.regtest,
      );
    expect(why("09:30:00")).toBeUndefined();
    expect(why("11:00:00")).toBeUndefined();
    expect(why("09:29:59")).toMatch(/7, is of .*09:29:59Z, 30 minutes ago/);
    expect(why(undefined)).toBe("the nodes agree on no block");
  });

  test("two hours, on regtest a month, or what the settings say", () => {
    const limit = (env: Readonly<Record<string, string>>, network: "mainnet" | "regtest") =>
      tipAgeMax(fakeIo({ env: { HOME: "/nowhere", ...env } }).io, BITCOIN_CHAINS[network]);
    expect([limit({}, "mainnet"), limit({}, "regtest")]).toEqual([7200, 2_592_000]);
    const set = { CUSTODY_NODE_TIP_AGE_MINUTES: "30" };
    expect([limit(set, "mainnet"), limit(set, "regtest")]).toEqual([1800, 1800]);
  });
});
