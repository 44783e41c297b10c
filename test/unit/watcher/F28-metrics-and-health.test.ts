/** F28: a watcher that has stopped is seen from outside: by its health, and by the time of its last pass. */
import { REGTEST } from "../../factory/documents.ts";
import { beginChain, noteSurvey, tipAilments } from "../../../watcher/metrics/chain-round.ts";
import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { insertWithdrawal } from "../../../src/store/withdrawals.ts";
import { write } from "../../../src/store/transaction.ts";
import { databaseMetrics, roundMetrics } from "../../../watcher/metrics/collect.ts";
import {
  ailments,
  beginRounds,
  chainRound,
  noteEvent,
  type Rounds,
} from "../../../watcher/metrics/rounds.ts";
import { plain, serve, type Answers, type Serving } from "../../../watcher/metrics/server.ts";
import { metricsText } from "../../../watcher/metrics/text.ts";
import { codeOfAsync } from "../../factory/thrown.ts";
import { CONTEXT, furnish, NOW, request, scratch } from "../store/scratch.ts";

type Parsed = { readonly type: string; readonly samples: ReadonlyMap<string, string> };

/** A strict reader of the text format 0.0.4, from its description: one HELP and TYPE before a metric's samples, no metric twice. */
function parseMetrics(text: string): ReadonlyMap<string, Parsed> {
  const found = new Map<string, { type: string; samples: Map<string, string> }>();
  let open: string | undefined;
  expect(text === "" || text.endsWith("\n")).toBe(true);
  const lines = text.split("\n").slice(0, -1);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\\\|\\n)*)$/.exec(line);
    if (help !== null) {
      const name = help[1] ?? "";
      const type = new RegExp(`^# TYPE ${name} (counter|gauge)$`).exec(lines[++index] ?? "");
      expect(type, `TYPE after HELP of ${name}`).not.toBeNull();
      expect(found.has(name), `${name} twice`).toBe(false);
      found.set(name, { type: type?.[1] ?? "", samples: new Map() });
      open = name;
      continue;
    }
    const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\\\\\|\\\\"|\\\\n)*"';
    const sample = new RegExp(
      `^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{${label}(?:,${label})*\\})? (-?[0-9]+(?:\\.[0-9]+)?|NaN|[+-]Inf)$`,
    ).exec(line);
    expect(sample, `a sample: ${line}`).not.toBeNull();
    const [, name = "", labels = "", value = ""] = sample ?? [];
    expect(name).toBe(open);
    const { samples } = found.get(name) ?? { samples: new Map<string, string>() };
    expect(samples.has(labels), `${name}${labels} twice`).toBe(false);
    samples.set(labels, value);
  }
  for (const [name, { type }] of found) expect(name.endsWith("_total")).toBe(type === "counter");
  return found;
}

const value = (metrics: ReadonlyMap<string, Parsed>, name: string, labels = "") =>
  metrics.get(name)?.samples.get(labels);

describe("the text of metrics", () => {
  test("is what a strict reader takes, whatever stands in labels and help", () => {
    const text = metricsText([
      { name: "a_total", type: "counter", help: 'back\\slash and\nline "quoted"', samples: [{ value: 1 }] },
      {
        name: "b",
        type: "gauge",
        help: "b",
        samples: [
          { labels: { state: 'x"y\\z\n', more: "é" }, value: 2n ** 70n },
          { labels: { state: "" }, value: -1.5 },
          { value: Number.NaN },
        ],
      },
      { name: "without", type: "gauge", help: "nothing", samples: [] },
    ]);
    const metrics = parseMetrics(text);
    expect([...metrics.keys()]).toEqual(["a_total", "b"]);
    expect(value(metrics, "b", '{state="x\\"y\\\\z\\n",more="é"}')).toBe(String(2n ** 70n));
    expect(value(metrics, "b")).toBe("NaN");
    expect(() => metricsText([{ name: "A-b", type: "gauge", help: "", samples: [{ value: 1 }] }])).toThrow();
  });

  test("the reader finds what is wrong", () => {
    for (const bad of [
      "a 1\n",
      "# HELP a b\na 1\n",
      "# HELP a b\n# TYPE a gauge\na 1",
      "# HELP a b\n# TYPE a gauge\na 1\na 2\n",
    ])
      expect(() => parseMetrics(bad)).toThrow();
  });
});

describe("what is measured", () => {
  test("a house with two requests", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    write(store, CONTEXT, (tx) => {
      insertWithdrawal(tx, request(1, 400n));
      insertWithdrawal(tx, request(2, 100n));
    });
    const text = metricsText(databaseMetrics(store, addSeconds(NOW, 90), addSeconds(NOW, 30)));
    const metrics = parseMetrics(text);
    expect(value(metrics, "custody_withdrawals", '{state="REQUESTED"}')).toBe("2");
    expect(value(metrics, "custody_withdrawal_oldest_seconds", '{state="REQUESTED"}')).toBe("90");
    expect(value(metrics, "custody_backup_age_seconds")).toBe("60");
    expect(value(metrics, "custody_dead_letters", '{state="OPEN"}')).toBe("0");
    expect(value(metrics, "custody_alerts_firing", '{severity="critical"}')).toBe("0");
    expect(Number.parseInt(value(metrics, "custody_database_bytes") ?? "", 10)).toBeGreaterThan(0);
    // Nothing of a customer or of one payment.
    expect(text).not.toMatch(/c-1001|order-|payee|[0-9a-f]{32}/);
  });

  test("the process itself", () => {
    const rounds = beginRounds(NOW, 15);
    expect(value(parseMetrics(metricsText(roundMetrics(rounds, NOW))), "custody_watcher_passes_total")).toBe(
      "0",
    );
    rounds.passes = 3;
    rounds.last = { at: addSeconds(NOW, 60), seconds: 2 };
    const chain = chainRound(rounds, REGTEST);
    chain.tip = { height: 120, hash: "aa", time: NOW };
    chain.nodes = [{ name: "127.0.0.1:8332", standing: "failing", tip: undefined, reason: "x" }];
    noteEvent(rounds, { event: "blocks reorganised away", depth: 7 });
    const metrics = parseMetrics(metricsText(roundMetrics(rounds, addSeconds(NOW, 600))));
    expect(value(metrics, "custody_watcher_last_pass_timestamp_seconds")).toBe(
      String(Date.parse(addSeconds(NOW, 60)) / 1000),
    );
    expect(value(metrics, "custody_tip_age_seconds", `{chain="${REGTEST}"}`)).toBe("600");
    expect(value(metrics, "custody_reorganisation_depth")).toBe("7");
    expect(value(metrics, "custody_node_up", `{chain="${REGTEST}",node="127.0.0.1:8332"}`)).toBe("0");
  });
});

describe("health", () => {
  const rounds = (changes: Partial<Rounds>): Rounds => ({ ...beginRounds(NOW, 30), ...changes });
  const after = (count: number): Instant => addSeconds(NOW, count);

  test("is well while a pass has done its work within three intervals", () => {
    const one = rounds({ last: { at: after(100), seconds: 1 } });
    expect(ailments(one, after(190))).toEqual([]);
    expect(ailments(one, after(191))).toHaveLength(1);
    expect(ailments({ ...one, failure: "NODE_UNREACHABLE" }, after(191)).join()).toContain(
      "NODE_UNREACHABLE",
    );
  });

  test("a watcher whose first pass never ends is not well for ever, nor ill at once", () => {
    expect(ailments(rounds({}), after(90))).toEqual([]);
    expect(ailments(rounds({}), after(91))).toHaveLength(1);
    // An interval of a second is no promise of a pass a second.
    expect(ailments({ ...beginRounds(NOW, 1), last: { at: NOW, seconds: 1 } }, after(60))).toEqual([]);
  });
});

describe("health, by the newest block that the nodes agree on", () => {
  const DAY = 86_400;
  const nodes = [{ name: "a", standing: "apart" as const, tip: undefined, reason: "x" }];
  const tip = { height: 120, hash: "aa", time: NOW };

  test("fails when it is too old, however well passes work", () => {
    expect(tipAilments({ tip, nodes }, addSeconds(NOW, DAY), DAY)).toEqual([]);
    expect(tipAilments({ tip, nodes }, addSeconds(NOW, DAY + 1), DAY).join()).toContain("120");
  });

  test("fails when there is none, once the nodes were asked", () => {
    expect(tipAilments({ tip: undefined, nodes: [] }, NOW, DAY)).toEqual([]);
    expect(tipAilments({ tip: undefined, nodes }, NOW, DAY)).toEqual(["the nodes agree on no block"]);
  });

  test("a moment without one changes nothing: the last one grows old by itself", () => {
    const rounds = beginChain();
    noteSurvey(rounds, { nodes, agreed: tip });
    noteSurvey(rounds, { nodes, agreed: undefined });
    expect(rounds).toMatchObject({ nodes, tip });
    noteSurvey(rounds, { nodes, agreed: { ...tip, height: 119 } });
    expect(rounds.tip?.height).toBe(119);
  });
});

describe("the server", () => {
  const serving: Serving[] = [];
  afterEach(async () => {
    for (const one of serving.splice(0)) await one.close();
  });
  const begin = async (answers: Answers) => {
    const one = await serve(0, answers);
    serving.push(one);
    return one;
  };
  const ANSWERS: Answers = {
    "/metrics": () => plain(200, "here"),
    "/health": () => plain(503, "not well"),
    "/broken": () => {
      throw new TypeError("secret");
    },
  };

  type Answer = { readonly status: number; readonly body: string };
  const ask = (port: number, path: string, options: { method?: string; host?: string; at?: string } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const { method = "GET", host, at = "127.0.0.1" } = options;
      const sent = httpRequest(
        { host: at, port, path, method, headers: host === undefined ? {} : { host } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      sent.on("error", reject).end();
    });

  test("answers its paths, and nothing else in no other way", async () => {
    const { port } = await begin(ANSWERS);
    expect(await ask(port, "/metrics")).toEqual({ status: 200, body: "here\n" });
    expect(await ask(port, "/metrics?x=1")).toMatchObject({ status: 200 });
    expect(await ask(port, "/health")).toMatchObject({ status: 503 });
    expect(await ask(port, "/metrics", { method: "HEAD" })).toEqual({ status: 200, body: "" });
    expect(await ask(port, "/metrics", { method: "POST" })).toMatchObject({ status: 405 });
    for (const path of ["/", "/constructor", "/../health", "//metrics"])
      expect(await ask(port, path)).toMatchObject({ status: 404 });
    expect(await ask(port, "/broken")).toMatchObject({
      status: 500,
      body: expect.not.stringContaining("secret"),
    });
  });

  test("is for who asks for this machine alone: a browser that is led here by another name gets nothing", async () => {
    const { port } = await begin(ANSWERS);
    expect(await ask(port, "/metrics", { host: "evil.example.org" })).toMatchObject({ status: 403 });
    expect(await ask(port, "/metrics", { host: `localhost:${port}` })).toMatchObject({ status: 200 });
    // Another address of this machine, of all those of 127.0.0.0/8.
    await expect(ask(port, "/metrics", { at: "127.0.0.2" })).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("says so when the port is taken", async () => {
    const { port } = await begin(ANSWERS);
    expect(await codeOfAsync(() => serve(port, ANSWERS))).toBe("METRICS_PORT_TAKEN");
  });
});
