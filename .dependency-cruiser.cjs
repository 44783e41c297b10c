/** Who may import whom (docs/ARCHITECTURE.md). The architecture test also plants a violation and expects it found. */
const network =
  "^(node:)?(net|tls|dns|dgram|http|https|http2|child_process|cluster|worker_threads|inspector)$";
const files = "^(node:)?(fs|fs/promises|process|os)$";

/** Every room, and what it may import of ours besides itself: the table in docs/ARCHITECTURE.md, line by line. */
const USE_CASES = ["src/withdrawals", "src/treasury", "src/kyc", "src/evidence"];
const ROOMS = {
  "src/core": [],
  "src/chains": ["src/core"],
  "src/airgap": ["src/core"],
  "src/terminal": ["src/core", "src/airgap"],
  "src/nodes": ["src/core", "src/chains"],
  "src/store": ["src/core", "src/chains"],
  "src/withdrawals": ["src/core", "src/chains", "src/treasury", "src/kyc"],
  "src/treasury": ["src/core", "src/chains", "src/withdrawals"],
  "src/kyc": ["src/core"],
  "src/evidence": ["src/core", "src/chains"],
  "src/setup": ["src/core"],
  "src/home": ["src/core", "src/chains", "src/nodes", "src/store", "src/terminal", ...USE_CASES],
  "src/commands": ["src", "demo"],
  signer: ["src/core", "src/chains", "src/airgap", "src/terminal"],
  watcher: [
    "src/core",
    "src/chains",
    "src/nodes",
    "src/store",
    "src/terminal",
    ...USE_CASES,
    "src/home",
    "src/commands",
  ],
  demo: ["src/core", "src/nodes"],
  bin: ["src/terminal", "src/commands", "signer", "watcher"],
};

function rooms() {
  return Object.entries(ROOMS).map(([room, others]) => ({
    name: `room-${room.replace("src/", "")}`,
    severity: "error",
    from: { path: `^${room}/` },
    to: {
      path: "^(bin|src|signer|watcher|demo|test|scripts)/",
      pathNot: `^(${[room, ...others].join("|")})/`,
    },
  }));
}

module.exports = {
  forbidden: [
    ...rooms(),
    {
      name: "only-bin-and-test-import-signer",
      severity: "error",
      from: { pathNot: "^(bin|test|signer)/" },
      to: { path: "^signer/" },
    },
    {
      name: "only-its-command-imports-demo",
      severity: "error",
      from: { pathNot: "^(src/commands/demo\\.ts|test/|demo/)" },
      to: { path: "^demo/" },
    },
    {
      name: "pure-rooms-have-no-io",
      severity: "error",
      from: { path: "^src/(core|chains|airgap|setup)/" },
      to: { path: `${network}|${files}` },
    },
    {
      name: "signer-has-no-network",
      severity: "error",
      from: { path: "^(signer|src/terminal)/" },
      to: { path: network },
    },
    {
      name: "neutral-rooms-name-no-chain",
      severity: "error",
      // They ask src/chains/registry.ts for a chain's codec, or are given one.
      from: {
        path: "^(src/(store|withdrawals|treasury|kyc|evidence|nodes)/|src/chains/(adapter|attempts|review)|watcher/|signer/(gates|journal)/)",
        pathNot: "^src/nodes/bitcoind/",
      },
      to: { path: "^src/chains/bitcoin/" },
    },
    {
      name: "no-database-outside-store",
      severity: "error",
      from: { pathNot: "^(src/store|test)/" },
      to: { path: "better-sqlite3|kysely" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
