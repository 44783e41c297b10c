/**
 * Makes a fresh clone ready: packages, built programs, a bitcoind. Plain node: nothing is installed when this runs.
 * Done steps are known by stamps, so that a second run costs a few milliseconds. Writes nothing outside the project.
 * Packages are fetched first; native code is compiled beside all other steps, for it keeps one core busy for two minutes.
 *
 *   node scripts/setup.mjs [--without-bitcoind] [--with-makers] [--with-soroban-host] [--fetch-only] [--quiet]
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureBitcoind } from "./setup/bitcoind.mjs";
import { takeLock } from "./setup/lock.mjs";
import { installMakers } from "./setup/makers.mjs";
import { buildPackages, fetchPackages } from "./setup/packages.mjs";
import { buildSorobanHost, leavesOutSorobanHost, sorobanCache } from "./setup/soroban-host.mjs";
import { interruptTools, logTail, openReport, SetupError } from "./setup/run.mjs";
import {
  bitcoindFingerprint,
  dropStamp,
  makersFingerprint,
  packagesFingerprint,
  readStamp,
  sorobanFingerprint,
  sourcesFingerprint,
  writeStamp,
} from "./setup/stamp.mjs";

const root = resolve(import.meta.dirname, "..");
const cache = join(root, ".cache");
const stamps = {
  packages: join(cache, "packages.stamp"),
  native: join(cache, "native.stamp"),
  programs: join(root, "dist", ".stamp"),
  bitcoind: join(cache, "bitcoind.stamp"),
  makers: join(cache, "makers.stamp"),
  soroban: join(cache, "soroban-host.stamp"),
};

const FLAGS = ["--without-bitcoind", "--with-makers", "--with-soroban-host", "--fetch-only", "--quiet"];

const SOROBAN_SOURCES = ["src", "Cargo.toml", "Cargo.lock"];

/** Each step knows whether it is done and how to do it. The first is what all others need. */
const STEPS = {
  packages: {
    isDone: () =>
      existsSync(join(root, "node_modules", ".package-lock.json")) &&
      readStamp(stamps.packages) === packagesFingerprint(root),
    run: async (report) => {
      const fingerprint = packagesFingerprint(root);
      dropStamp(stamps.packages);
      dropStamp(stamps.native);
      await fetchPackages(root, report);
      writeStamp(stamps.packages, fingerprint);
    },
  },
  native: {
    isDone: () => readStamp(stamps.native) === packagesFingerprint(root),
    run: async (report) => {
      const fingerprint = packagesFingerprint(root);
      dropStamp(stamps.native);
      await buildPackages(root, report);
      writeStamp(stamps.native, fingerprint);
    },
  },
  programs: {
    isDone: () => readStamp(stamps.programs) === sourcesFingerprint(root),
    run: async (report) => {
      const fingerprint = sourcesFingerprint(root);
      dropStamp(stamps.programs);
      report.say("building the programs into dist/");
      await report.run(process.execPath, [join(root, "scripts", "build.mjs")], { cwd: root });
      writeStamp(stamps.programs, fingerprint);
    },
  },
  bitcoind: {
    isDone: () => {
      const [path = "", fingerprint] = readStamp(stamps.bitcoind).split("\n");
      return (
        fingerprint !== undefined && bitcoindFingerprint(path, process.env.CUSTODY_BITCOIND) === fingerprint
      );
    },
    run: async (report) => {
      dropStamp(stamps.bitcoind);
      const path = await ensureBitcoind(root, report);
      report.say(`bitcoind: ${path}`);
      writeStamp(stamps.bitcoind, `${path}\n${bitcoindFingerprint(path, process.env.CUSTODY_BITCOIND)}`);
    },
  },
  makers: {
    isDone: () => readStamp(stamps.makers) === makersFingerprint(root),
    run: async (report) => {
      dropStamp(stamps.makers);
      if (await installMakers(root, report)) writeStamp(stamps.makers, makersFingerprint(root));
    },
  },
  soroban: {
    isDone: () =>
      existsSync(join(sorobanCache(root), "release", "soroban-host")) &&
      readStamp(stamps.soroban) === sorobanFingerprint(root, ...SOROBAN_SOURCES),
    run: async (report) => {
      const fingerprint = sorobanFingerprint(root, ...SOROBAN_SOURCES);
      dropStamp(stamps.soroban);
      await buildSorobanHost(root, report);
      writeStamp(stamps.soroban, fingerprint);
    },
  },
};

async function main(args) {
  const unknown = args.filter((flag) => !FLAGS.includes(flag));
  if (unknown.length > 0) {
    process.stderr.write(
      `error: unknown flag ${unknown[0]}\nhint: node scripts/setup.mjs [${FLAGS.join("] [")}]\n`,
    );
    return 2;
  }
  const left = [
    ...(args.includes("--without-bitcoind") ? ["bitcoind"] : []),
    ...(args.includes("--with-makers") ? [] : ["makers"]),
    ...(args.includes("--with-soroban-host") && !leavesOutSorobanHost() ? [] : ["soroban"]),
  ];
  const wanted = Object.entries(STEPS).filter(([name]) =>
    args.includes("--fetch-only") ? name === "packages" : !left.includes(name),
  );
  const pending = () => wanted.filter(([, step]) => !step.isDone());
  if (pending().length === 0) return 0;

  const say = (line) => args.includes("--quiet") || process.stderr.write(`set-up: ${line}\n`);
  const release = await takeLock(join(cache, "setup.lock"), { say });
  let interruptCode;
  const interrupt = (signal) => {
    interruptCode ??= signal === "SIGINT" ? 130 : 143;
    interruptTools();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, interrupt);
  try {
    const code = await runSteps(pending(), args.includes("--quiet"));
    return interruptCode ?? code;
  } finally {
    release();
  }
}

async function runSteps(steps, quiet) {
  if (steps.length === 0) return 0;
  const report = openReport({ logFile: join(cache, "setup.log"), quiet });
  report.say(`${steps.map(([name]) => name).join(", ")} to make ready; the log is .cache/setup.log`);
  try {
    await runInOrder(steps, report);
    report.say("ready");
    await report.close();
    return 0;
  } catch (error) {
    await report.close();
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(
      `${logTail(report.logFile)}\nerror: ${error.message}; the log is .cache/setup.log\n`,
    );
    process.stderr.write(`hint: ${error.hint ?? "read the log, then try again: npm run setup"}\n`);
    return 10;
  }
}

/** Packages, then what compilers make beside the others, one after the other. A failure is told when both have come to rest. */
async function runInOrder(steps, report) {
  const inTurn = async (...names) => {
    for (const [name, step] of steps) if (names.includes(name)) await step.run(report);
  };
  await inTurn("packages");
  const ended = await Promise.allSettled([
    inTurn("native", "soroban"),
    inTurn("programs", "bitcoind", "makers"),
  ]);
  for (const { status, reason } of ended) if (status === "rejected") throw reason;
}

process.exitCode = await main(process.argv.slice(2));
