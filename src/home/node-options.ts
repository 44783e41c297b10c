import type { OptionSpec } from "../terminal/command.ts";

/** Options of every command that talks to a node. */
export const NODE_OPTIONS: readonly OptionSpec[] = [
  { flags: "--bitcoind-url <url>", about: "JSON-RPC address of bitcoind" },
  { flags: "--bitcoind-cookie <file>", about: "bitcoind's cookie file" },
  { flags: "--evm-url <urls>", about: "JSON-RPC addresses of EVM endpoints: 1=https://node.example.org" },
];
