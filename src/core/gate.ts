import { CustodyError, declareError, type ErrorContext, type ExitName } from "./errors.ts";

/** The signer's gates, in the order in which a request passes them (`docs/formats.md`, "Gates"). */
export const GATES = ["G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12"] as const;
export type Gate = (typeof GATES)[number];

/** A gate's no. It names the gate and the rule; a receipt carries these two and nothing else. */
export class Refusal extends CustodyError {
  readonly gate: Gate;
  readonly rule: string;

  /** @param exit of what the gate met, where that is finer than the gate's own (a decoder's no at G5 may be denied). */
  constructor(
    gate: Gate,
    rule: string,
    message: string,
    context: ErrorContext = {},
    exit: ExitName = exitOf(gate),
  ) {
    super(`${gate}_${rule}`, exit, message, {
      ...context,
      details: { ...context.details, gate, rule },
    });
    this.gate = gate;
    this.rule = rule;
  }
}

export type Rule = {
  (message: string, context?: ErrorContext): Refusal;
  readonly gate: Gate;
  readonly rule: string;
};

/** Declares a rule of a gate; registers the error `<gate>_<rule>`. */
export function declareRule(gate: Gate, rule: string, meaning: string): Rule {
  declareError(`${gate}_${rule}`, exitOf(gate), `Gate ${gate}: ${meaning}`);
  return Object.assign(
    (message: string, context?: ErrorContext) => new Refusal(gate, rule, message, context),
    { gate, rule },
  );
}

// G1 and G5 meet bytes that cannot be read (exit 3); every other gate refuses what it has understood (exit 4).
function exitOf(gate: Gate): "invalid" | "denied" {
  return gate === "G1" || gate === "G5" ? "invalid" : "denied";
}
