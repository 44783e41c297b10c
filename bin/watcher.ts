#!/usr/bin/env node
import { nodeIo } from "../src/terminal/io.ts";
import { asksVersion, versionText } from "../src/terminal/version.ts";

const io = nodeIo();
if (asksVersion(io.argv)) io.stdout.write(versionText("custody-watcher", io.argv));
else void import("../watcher/main.ts").then(async ({ main }) => void (process.exitCode = await main(io)));
