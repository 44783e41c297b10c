import { CARRIED_ABOUT } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";
import { HAND_OVER_OPTIONS } from "../options.ts";

export const session: Noun = {
  name: "session",
  about:
    "the operator behind the audit rows: a key for some hours, lent by a signature at the operator's desk",
  verbs: [
    {
      name: "new",
      about: "make a session key here and a delegation for the operator to sign",
      options: [
        { flags: "--operator <name>", about: "the operator, as the policy names it", required: true },
        { flags: "--hours <hours>", about: "life of the session, 1 to 24 (12)" },
        ...HAND_OVER_OPTIONS,
      ],
      changes: true,
      load: () => import("./new.ts"),
    },
    {
      name: "start",
      about: "begin the session that a signed delegation lends, or take it up again",
      options: [
        {
          flags: "--delegation <file>",
          about: `the delegation, signed at the operator's desk: ${CARRIED_ABOUT}`,
          required: true,
        },
      ],
      changes: true,
      load: () => import("./start.ts"),
    },
    { name: "end", about: "end the session under way", changes: true, load: () => import("./end.ts") },
  ],
};
