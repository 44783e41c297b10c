import type { Noun } from "../../terminal/command.ts";
import { NODE_OPTIONS } from "../../home/node-options.ts";

export const config: Noun = {
  name: "config",
  about: "settings: flags over environment over project file over user file",
  verbs: [
    {
      name: "list",
      about: "list the settings in force",
      options: [{ flags: "--show-origin", about: "say where each comes from" }, ...NODE_OPTIONS],
      load: () => import("./list.ts"),
    },
    {
      name: "set",
      about: "write a setting into the user file",
      arguments: [
        { name: "<name>", about: "the setting" },
        { name: "<value>", about: "its value" },
      ],
      changes: true,
      load: () => import("./set.ts"),
    },
  ],
};
