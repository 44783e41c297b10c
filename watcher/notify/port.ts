/** The one way in which people are told: an alert begins or is over, and every channel says so in its own form. */
import type { Network } from "../../src/core/chain.ts";
import { declareError } from "../../src/core/errors.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { Delivery } from "../../src/store/alerts.ts";

export const NOTIFY_FAILED = declareError(
  "NOTIFY_FAILED",
  "network",
  "A message about an alert could not be delivered; it is tried again.",
);
export const NOTIFY_REFUSED = declareError(
  "NOTIFY_REFUSED",
  "invalid",
  "A receiver refuses a message about an alert as malformed, and would refuse it again.",
);
export const NOTIFY_UNSET = declareError(
  "NOTIFY_UNSET",
  "usage",
  "A message about an alert has waited for a day for a channel that the settings name no more.",
);

export type Message = Pick<Delivery, "id" | "event" | "alert"> & { readonly network: Network };

export type Channel = {
  readonly name: string;
  /**
   * Hands one message over; a receiver tells repetitions by its id.
   * @throws NOTIFY_FAILED where it may work later, NOTIFY_REFUSED where it never will, SECRET_FILE_…
   */
  send(message: Message, now: Instant): Promise<void>;
};
