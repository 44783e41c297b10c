/** Who may import whom (docs/ARCHITECTURE.md). The architecture test also plants a violation and expects it found. */
const network =
  "^(node:)?(net|tls|dns|dgram|http|https|http2|child_process|cluster|worker_threads|inspector)$";
const files = "^(node:)?(fs|fs/promises|process|os)$";

/** `room` may import only what `allowed` matches, of our own folders. */
function room(name, from, allowed) {
  return {
    name,
    severity: "error",
    from: { path: from },
    to: { path: "^(bin|src|signer|watcher|demo|test|scripts)/", pathNot: allowed },
  };
}

module.exports = {
  forbidden: [
    room("core-stands-alone", "^src/core/", "^src/core/"),
    room("chains-use-core", "^src/chains/", "^src/(core|chains)/"),
    room("airgap-uses-core", "^src/airgap/", "^src/(core|airgap)/"),
    room("terminal-uses-core-and-airgap", "^src/terminal/", "^src/(core|airgap|terminal)/"),
    room("nodes-use-core-and-chains", "^src/nodes/", "^src/(core|chains|nodes)/"),
    room("store-uses-core-and-chains", "^src/store/", "^src/(core|chains|store)/"),
    room(
      "use-cases-use-pure-parts",
      "^src/(withdrawals|treasury|evidence|kyc|wallets|ledger|reserves|identity|audit)/",
      "^src/(core|chains|airgap|withdrawals|treasury|evidence|kyc|wallets|ledger|reserves|identity|audit)/",
    ),
    room("setup-uses-core", "^src/setup/", "^src/(core|setup)/"),
    room("signer-uses-pure-parts", "^signer/", "^(src/(core|chains|airgap|terminal)|signer)/"),
    {
      name: "only-bin-and-test-import-signer",
      severity: "error",
      from: { pathNot: "^(bin|test|signer)/" },
      to: { path: "^signer/" },
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
