import { defineConfig } from "vitest/config";

/**
 * Two projects: `unit` needs nothing but node and stays under a minute; `node` drives built programs and a real
 * bitcoind. One file at a time per worker, a few workers: each of them may hold a node of its own.
 */
const unit = ["test/{unit,property,vectors,differential,architecture}/**/*.test.ts"];
const node = ["test/{cli,e2e}/**/*.test.ts", "test/node/**/*.test.ts"];

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: unit, testTimeout: 30_000 } },
      {
        test: {
          name: "node",
          include: node,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          globalSetup: "test/e2e/founding.ts",
        },
      },
    ],
  },
});
