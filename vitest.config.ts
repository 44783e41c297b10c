import { defineConfig } from "vitest/config";

/**
 * `unit` needs nothing but node and stays under a minute: its files share their modules, because loading the curve and
 * script libraries anew for each of them took longer than the tests. Files that replace a module are `*.isolated.test.ts`.
 * `architecture` reads the whole tree and the signer's bundle; `node` drives built programs and a real bitcoind.
 */
const unit = ["test/{unit,property,vectors,differential,attack}/**/*.test.ts"];
const isolated = ["test/unit/**/*.isolated.test.ts"];
const architecture = ["test/architecture/**/*.test.ts"];
const node = ["test/{cli,e2e,node}/**/*.test.ts"];
const globalSetup = ["test/factory/temporary-root.ts"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "unit",
          include: unit,
          exclude: isolated,
          isolate: false,
          testTimeout: 30_000,
          globalSetup,
        },
      },
      { test: { name: "unit-isolated", include: isolated, testTimeout: 30_000, globalSetup } },
      { test: { name: "architecture", include: architecture, testTimeout: 60_000, globalSetup } },
      {
        test: {
          name: "node",
          include: node,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: [...globalSetup, "test/e2e/founding.ts"],
        },
      },
    ],
  },
});
