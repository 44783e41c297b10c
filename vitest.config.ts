import { defineConfig } from "vitest/config";

/**
 * Three projects: `unit` needs nothing but node and stays under a minute; `architecture` reads the whole tree and the
 * signer's bundle; `node` drives built programs and a real bitcoind, one for each worker.
 */
const unit = ["test/{unit,property,vectors,differential,attack}/**/*.test.ts"];
const architecture = ["test/architecture/**/*.test.ts"];
const node = ["test/{cli,e2e}/**/*.test.ts", "test/node/**/*.test.ts"];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: unit, testTimeout: 30_000 } },
      { test: { name: "architecture", include: architecture, testTimeout: 60_000 } },
      {
        test: {
          name: "node",
          include: node,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: "test/e2e/founding.ts",
        },
      },
    ],
  },
});
