import { parseName } from "../../core/identifier.ts";
import { HALT_ROLES } from "../../core/policy/halts.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { requirePolicy, walletView, withOnline } from "../../home/online.ts";
import { describeHalts, drawHalts } from "./draw.ts";

/** A halt is a person's signature, made at a desk: this host only says how, and what is in force. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const text = optionalFlag(call.flags, "wallet");
    if (text !== undefined) walletView(online.store, requirePolicy(online), parseName(text, "--wallet"));
    const scope = text === undefined ? "everything" : `wallet:${text}`;
    const sign = `custody desk sign --as halt --scope ${scope} --code CODE --identity NAME.key --out halt.json`;
    const halts = describeHalts(online);
    return {
      data: { scope, roles: [...HALT_ROLES], sign, halts },
      text: drawFacts([
        ["who", `one person with role ${HALT_ROLES.join(", ")}`],
        ["at a desk", sign],
        [
          "here",
          "custody withdraw import halt.json   (needs no session; stops building, exporting, first sendings)",
        ],
        ["each signer", "custody-signer import halt.json   (stops signing)"],
        ...drawHalts(halts),
      ]),
      next: sign,
    };
  });
