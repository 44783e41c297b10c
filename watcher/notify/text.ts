/** An alert in words, for people who read mail and chats. */
import { visibleText } from "../../src/core/text.ts";
import { wrapped } from "../../src/terminal/table.ts";
import type { Message } from "./port.ts";

/** One line: what fires or is over, on which network. */
export function headline({ event, alert, network }: Message): string {
  const what = event === "firing" ? alert.severity.toUpperCase() : "OVER";
  return visibleText(`[custody ${network}] ${what}: ${alert.kind} ${alert.subject}`);
}

/** The whole of it, lines of at most 76 characters where words allow. */
export function bodyText(message: Message): string {
  const { alert, event } = message;
  const { text, next, firstSeen, cleared, id } = alert;
  return [
    ...wrapped(visibleText(text), 76),
    "",
    ...(event === "firing" ? [`Type next: ${visibleText(next)}`, ""] : []),
    `since ${firstSeen}${cleared === undefined ? "" : `, over at ${cleared}`}`,
    `alert ${id}`,
    "",
  ].join("\n");
}
