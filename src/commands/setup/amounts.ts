/** The questions about money: amounts are decimals of bitcoin, and the defaults follow from the largest payment. */
import { shortened } from "../../core/decimal.ts";
import { formatDecimal } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import { unitsOf, type Answers } from "../../setup/answers.ts";
import { ANSWERS_UNFIT, assertBandUsable } from "../../setup/fitting.ts";
import { TEMPLATES } from "../../setup/template.ts";
import type { Io } from "../../terminal/io.ts";
import { choose, countBetween } from "./choose.ts";

type House = Pick<Answers, "network" | "template" | "signers" | "threshold">;
type Band = Answers["small"];

export async function askPayments(io: Io, house: House): Promise<Pick<Answers, "small" | "large">> {
  const { network, template } = house;
  const { approvers } = TEMPLATES[template];
  io.stderr.write("\nAmounts are in BTC, as decimals: 0.25\n");
  const largest = await choose(io, "Largest single payment", undefined, (text) => readAmount(text, network));
  const limit = unitsOf(largest, network, "large.upTo");
  const upTo = await choose(
    io,
    `Small payments, by ${counted(approvers.small)}, are up to`,
    decimalOf(limit / 10n, network),
    (text) => readSmall(text, limit, network),
  );
  const small = await askBand(io, house, "small", upTo, [10n, 10n]);
  const large = await askBand(io, house, "large", largest, [3n, 10n]);
  const delayHours = await choose(
    io,
    `Large payments, by ${counted(approvers.large)}: hours to wait before release`,
    network === "regtest" ? "0" : "24",
    countBetween(0, 720),
  );
  return { small, large: { ...large, delayHours } };
}

function counted(approvers: number): string {
  return approvers === 1 ? "one approver" : `${approvers} approvers`;
}

/** @param times a day's limit as a multiple of the largest payment, and a month's as one of a day's, unless told otherwise */
async function askBand(
  io: Io,
  { network, signers, threshold }: House,
  band: "small" | "large",
  upTo: string,
  times: readonly [bigint, bigint],
): Promise<Band> {
  const checked = (limits: Omit<Band, "upTo">) => {
    const both = { upTo, ...limits };
    assertBandUsable({ network, signers, threshold, small: both, large: { ...both, delayHours: 0 } }, band);
  };
  const timesMore = (text: string, factor: bigint) =>
    decimalOf(unitsOf(text, network, "amount") * factor, network);
  const day = await choose(
    io,
    `Most that ${band} ones may sum to in 24 hours`,
    timesMore(upTo, times[0]),
    (text) => {
      checked({ day: text, month: text });
      return text;
    },
  );
  const month = await choose(
    io,
    `Most that ${band} ones may sum to in 30 days`,
    timesMore(day, times[1]),
    (text) => {
      checked({ day, month: text });
      return text;
    },
  );
  return { upTo, day, month };
}

function readAmount(text: string, network: Network): string {
  unitsOf(text, network, "the amount");
  return text;
}

function readSmall(text: string, limit: bigint, network: Network): string {
  if (unitsOf(text, network, "the amount") < limit) return text;
  throw ANSWERS_UNFIT("small payments are below the largest one", { field: "small.upTo" });
}

export async function askFees(io: Io, network: Network): Promise<Answers["fees"]> {
  return {
    max: await choose(io, "Largest network fee of one transaction", "0.001", (text) =>
      readAmount(text, network),
    ),
    rate: await choose(io, "Largest fee rate, in sat/vB", "200", countBetween(1, 100_000)),
    sharePermille: await choose(
      io,
      "Largest fee, in thousandths of what is paid",
      "100",
      countBetween(1, 1000),
    ),
  };
}

/** As people write it, without needless zeros; undefined for nothing. */
function decimalOf(units: bigint, network: Network): string | undefined {
  if (units === 0n) return undefined;
  return shortened(formatDecimal({ asset: bitcoinAsset(network), units }));
}
