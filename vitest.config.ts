import { defineConfig } from "vitest/config";
import { rememberedKeys } from "./test/factory/remembered/plugin.ts";
import { provenFiles, removableChecks } from "./test/attack/rows/removable.ts";

/**
 * `unit` needs nothing but node and takes two minutes: its files share their modules, because loading the curve and
 * script libraries anew for each of them took longer than the tests, and remember the keys that they derive
 * (`test/factory/remembered/plugin.ts`). Files that replace a module are `*.isolated.test.ts`.
 * `rows` plays the attacks of the check-list again, with the checks that refuse them removable (`test/attack/pair.ts`).
 * `fuzz` has half a minute of what `npm run fuzz` does for hours; its child process is bundled first.
 * `sim` plays random worlds for half a minute, stories and deaths beside them (`npm run sim` for hours); the online
 * host's process is bundled first.
 * `architecture` reads the whole tree and the signer's bundle; `node` drives built programs and a real bitcoind.
 */
const unit = ["test/{unit,property,vectors,differential,attack}/**/*.test.ts"];
const isolated = ["test/unit/**/*.isolated.test.ts"];
const rows = [...provenFiles()];
const fuzz = ["test/fuzz/*.test.ts"];
const sim = ["test/sim/**/*.test.ts"];
const architecture = ["test/architecture/**/*.test.ts"];
const node = ["test/{cli,e2e,fault,node}/**/*.test.ts"];
const globalSetup = ["test/factory/temporary-root.ts"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        plugins: [rememberedKeys()],
        test: {
          name: "unit",
          include: unit,
          exclude: isolated,
          isolate: false,
          testTimeout: 30_000,
          globalSetup,
        },
      },
      {
        plugins: [rememberedKeys()],
        test: { name: "unit-isolated", include: isolated, testTimeout: 30_000, globalSetup },
      },
      {
        plugins: [removableChecks(), rememberedKeys()],
        test: {
          name: "rows",
          include: rows,
          isolate: false,
          testTimeout: 30_000,
          globalSetup,
          env: { REMOVABLE_CHECKS: "1" },
        },
      },
      {
        test: {
          name: "fuzz",
          include: fuzz,
          testTimeout: 60_000,
          globalSetup: [...globalSetup, "test/fuzz/bundled.ts"],
        },
      },
      {
        test: {
          name: "sim",
          include: sim,
          testTimeout: 300_000,
          hookTimeout: 60_000,
          globalSetup: [...globalSetup, "test/sim/bundled.ts"],
        },
      },
      {
        test: {
          name: "architecture",
          include: architecture,
          isolate: false,
          testTimeout: 60_000,
          globalSetup,
        },
      },
      {
        test: {
          name: "node",
          include: node,
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: [...globalSetup, "test/e2e/founding.ts", "test/e2e/warm/bundled.ts"],
        },
      },
    ],
  },
});
