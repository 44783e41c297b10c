import type { ProgramName } from "../../../demo/cast.ts";

/** One run of a program. `argv`: without node and the file. */
export type Asked = {
  readonly id: number;
  readonly program: ProgramName;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

export type Told = {
  readonly id: number;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
};
