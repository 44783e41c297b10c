import type { Run } from "../../terminal/command.ts";
import { parseSettingName, saveSetting } from "../../home/settings.ts";

export const run: Run = async ({ io, args, dryRun }) => {
  const name = parseSettingName(args[0] ?? "");
  const value = args[1] ?? "";
  const file = dryRun ? "" : saveSetting(io, name, value);
  return { data: { name, value, file }, text: `${name} = ${value}`, next: "custody doctor" };
};
