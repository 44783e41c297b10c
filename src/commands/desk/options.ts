import type { OptionSpec } from "../../terminal/command.ts";

/** Of every command that a FIDO2 security key can sign in two steps (`draft.ts`). */
export const SECURITY_KEY_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--security-key <pub>",
    about: "public key of a FIDO2 security key: writes a draft, and what to sign",
  },
  { flags: "--to-sign <file>", about: "with --security-key: where to write what ssh-keygen signs" },
  { flags: "--draft <file>", about: "complete this draft with --signature" },
  { flags: "--signature <sig>", about: "what ssh-keygen wrote beside what it signed" },
];
