/** A message that was signed: the text in which its signature is given away. */
import type { Effect } from "../chains/effect.ts";
import { assert } from "../core/errors.ts";
import { attemptsAsBuilt, type Reading } from "../withdrawals/planning/plan-bytes.ts";
import type { WithdrawalPorts } from "../withdrawals/ports.ts";
import type { PlanRow } from "../withdrawals/rows.ts";
import { signaturesOf } from "../withdrawals/crossing/rung.ts";
import type { MovementPorts, MovementRow } from "./ports.ts";

export type SignedMessage = {
  readonly message: string;
  /** The address that answers for it. */
  readonly account: Extract<Effect, { readonly type: "attest" }>["account"];
  /** How many coins are shown beside it. */
  readonly coins: number;
  /** Bitcoin: `smp…` or `pof…` (BIP-322). */
  readonly signature: string;
};

type Ports<Tx> = Pick<WithdrawalPorts<Tx>, "findDocument" | "rungSignaturesOf"> &
  Pick<MovementPorts<Tx>, "plansOfMovement">;

/** The message of `movement` once enough signers have signed it, made anew from their verified signatures. */
export function signedMessage<Tx, Decoded>(
  ports: Ports<Tx>,
  tx: Tx,
  movement: MovementRow,
  reading: Reading<Decoded>,
): SignedMessage | undefined {
  const plan: PlanRow | undefined = ports
    .plansOfMovement(tx, movement)
    .find(({ state }) => state === "ATTESTED");
  if (plan === undefined) return undefined;
  const [attempt] = attemptsAsBuilt(ports, tx, plan, reading).rungs;
  const [effect] = attempt?.effects ?? [];
  assert(attempt !== undefined && effect?.type === "attest", "only the plan of a message is ATTESTED");
  const signature = reading
    .codec(reading.view(plan).wallet.chain)
    .messageSignature(attempt.tx, signaturesOf(ports, tx, plan, 0));
  const { message, account } = effect;
  return { message, account, coins: attempt.inputs.length - 1, signature };
}
