import { SAT_PER_VBYTE } from "../../core/asset.ts";
import { formatFeeRate, milliOf } from "../../core/fee-rate.ts";
import { counted } from "../../core/count.ts";
import type { Answers } from "../../setup/answers.ts";
import { givenUp } from "../../setup/given-up.ts";
import type { Seat } from "../../setup/house.ts";
import { TEMPLATES, type TemplateName } from "../../setup/template.ts";
import { wrapped } from "../../terminal/table.ts";

/** Text of a person at a terminal of 80 columns. */
const COLUMNS = 78;

/** A house before it is chosen: who sits where, what that keeps apart, and what it gives up. */
export function drawTemplate(name: TemplateName): string {
  const { says, seats, keeps, givesUp } = TEMPLATES[name];
  const width = Math.max(...seats.map(({ id }) => id.length));
  return [
    ...hanging(`${name.toUpperCase()}  `, says),
    ...seats.flatMap((seat) => seatLines(seat, width)),
    ...keeps.flatMap((line) => hanging("  + ", line)),
    ...givesUp.flatMap(({ says: given }) => hanging("  - gives up: ", given)),
    "",
  ]
    .map((line) => `${line}\n`)
    .join("");
}

export function drawSeat(seat: Seat): string {
  return `${seatLines(seat, seat.id.length).join("\n")}\n`;
}

/** What is given up by the house and by the answers, before anybody agrees to them. */
export function drawGivenUp(answers: Answers): string {
  return givenUp(answers)
    .flatMap((says) => hanging("gives up  ", says))
    .map((line) => `${line}\n`)
    .join("");
}

function seatLines({ id, does, roles }: Seat, width: number): readonly string[] {
  return hanging(`  ${id.padEnd(width)}  `, `${does} (${roles.join(", ")})`);
}

function hanging(lead: string, text: string): readonly string[] {
  const indent = " ".repeat(lead.length);
  return wrapped(text, COLUMNS - lead.length).map((line, place) => `${place === 0 ? lead : indent}${line}`);
}

/** The answers as facts, before they are written. */
export function drawAnswers(answers: Answers): readonly (readonly [string, string])[] {
  const { network, template, people, signers, threshold, small, large, fees } = answers;
  const { seats, approvers, cleared } = TEMPLATES[template];
  const rolesOf = (seat: string) => seats.find(({ id }) => id === seat)?.roles.join(", ") ?? "";
  const needs = (band: "small" | "large") =>
    `${counted(approvers[band], "approver")}${cleared.includes(band) ? ", compliance" : ""}`;
  return [
    ["network", network],
    ...people.map(({ seat, name, person }) => [name, `${person}: ${rolesOf(seat)}`] as const),
    ["signers", `${threshold} of ${signers.length}: ${signers.join(", ")}`],
    [
      "small",
      `up to ${small.upTo} BTC: ${needs("small")}; ${small.day} in 24 hours, ${small.month} in 30 days`,
    ],
    [
      "large",
      `up to ${large.upTo} BTC: ${needs("large")}, ${large.delayHours === 0 ? "no wait" : `a wait of ${counted(large.delayHours, "hour")}`}; ${large.day} in 24 hours, ${large.month} in 30 days`,
    ],
    [
      "destinations",
      `good ${answers.newDestinationHours === 0 ? "as soon as" : `${counted(answers.newDestinationHours, "hour")} after`} they are signed`,
    ],
    [
      "fees",
      `at most ${fees.max} BTC, ${formatFeeRate(milliOf(fees.rate), SAT_PER_VBYTE)}, ${fees.sharePermille} thousandths of what is paid`,
    ],
    ["final after", counted(answers.confirmations, "confirmation")],
    ["policy", `in force for ${counted(answers.days, "day")}`],
  ];
}
