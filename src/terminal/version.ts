declare const __CUSTODY_VERSION__: string | undefined;

/** The version, put in by the build; "unbuilt" where sources run as they are. */
export const VERSION: string = typeof __CUSTODY_VERSION__ === "string" ? __CUSTODY_VERSION__ : "unbuilt";

/** Whether a command line asks for the version alone; answered before anything else is loaded. */
export function asksVersion(argv: readonly string[]): boolean {
  return (
    argv.length >= 1 &&
    (argv[0] === "--version" || argv[0] === "-V") &&
    argv.slice(1).every((flag) => flag === "--json")
  );
}

/** The answer to `--version`, with `--json` as an envelope. */
export function versionText(name: string, argv: readonly string[]): string {
  if (!argv.includes("--json")) return `${name} ${VERSION}\n`;
  const data = { name, version: VERSION, node: process.versions.node, formats: 1 };
  return `${JSON.stringify({ schemaVersion: 1, ok: true, data, warnings: [] })}\n`;
}
