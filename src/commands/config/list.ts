import type { Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { settings } from "../../home/settings.ts";

export const run: Run = async ({ io, flags }) => {
  const origin = flags["showOrigin"] === true;
  const list = settings(io, flags);
  const columns = [
    { head: "SETTING" },
    { head: "VALUE" },
    ...(origin ? [{ head: "ORIGIN" }, { head: "FROM" }] : []),
  ];
  const rows = list.map((entry) => [
    entry.name,
    entry.value ?? "",
    ...(origin ? [entry.origin, entry.from] : []),
  ]);
  return {
    data: list.map(({ name, value, origin: where, from }) => ({
      name,
      ...(value === undefined ? {} : { value }),
      origin: where,
      from,
    })),
    text: drawTable(columns, rows, io.stdout),
  };
};
