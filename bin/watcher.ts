#!/usr/bin/env node
import { nodeOutput } from "../src/terminal/output.ts";
import { asksVersion, versionText } from "../src/terminal/version.ts";

const argv = process.argv.slice(2);
if (asksVersion(argv)) nodeOutput(process.stdout).write(versionText("custody-watcher", argv));
else
  void Promise.all([import("../src/terminal/io.ts"), import("../watcher/main.ts")]).then(
    async ([{ nodeIo }, { main }]) => void (process.exitCode = await main(nodeIo(argv))),
  );
