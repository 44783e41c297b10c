/** Mistakes that people and programs make, each with the exit code, error code and field that it is answered with. */
import { CUSTOMER, type Exported } from "./scene.ts";

/** A regtest address that nobody has signed for. */
const STRANGER = "bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x";

export type Facts = {
  readonly destination: string;
  readonly ownAddress: string;
  readonly exported: Exported;
  /** Id of a withdrawal that waits for its approval; it asks for 0.2 under the key `pending`. */
  readonly pending: string;
  readonly carried: (name: string) => string;
};

type RequestFlags = Readonly<Record<"customer" | "asset" | "amount" | "to" | "key", string>>;
type Row<Change> = readonly [
  what: string,
  change: (facts: Facts) => Change,
  exit: number,
  code: string,
  field: string | undefined,
];

const flipped = (address: string) => address.slice(0, -1) + (address.endsWith("q") ? "p" : "q");

/** What is wrong in an otherwise good `custody withdraw request`. */
export const REQUEST_MISTAKES: readonly Row<Partial<RequestFlags>>[] = [
  ["an address that is none", () => ({ to: "somewhere" }), 3, "ADDRESS_MALFORMED", "--to"],
  ["an empty address", () => ({ to: "" }), 3, "ADDRESS_MALFORMED", "--to"],
  [
    "a typing error in an address",
    ({ destination }) => ({ to: flipped(destination) }),
    3,
    "ADDRESS_CHECKSUM",
    "--to",
  ],
  [
    "an address in mixed case",
    ({ destination }) => ({ to: destination.replace("bcrt1q", "bcrt1Q") }),
    3,
    "ADDRESS_MALFORMED",
    "--to",
  ],
  [
    "an address of another network",
    () => ({ to: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" }),
    3,
    "ADDRESS_NETWORK",
    "--to",
  ],
  [
    "a base58 address of another network",
    () => ({ to: "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2" }),
    3,
    "ADDRESS_NETWORK",
    "--to",
  ],
  ["nine decimals", () => ({ amount: "0.123456789" }), 3, "AMOUNT_TOO_PRECISE", "--amount"],
  ["a negative amount", () => ({ amount: "-1" }), 3, "AMOUNT_MALFORMED", "--amount"],
  ["an exponent", () => ({ amount: "1e-1" }), 3, "AMOUNT_MALFORMED", "--amount"],
  ["a decimal comma", () => ({ amount: "0,1" }), 3, "AMOUNT_MALFORMED", "--amount"],
  ["no amount", () => ({ amount: "" }), 3, "AMOUNT_MALFORMED", "--amount"],
  ["zero", () => ({ amount: "0.00000000" }), 3, "AMOUNT_ZERO", "--amount"],
  ["below the dust threshold (F16)", () => ({ amount: "0.00000293" }), 3, "PAYMENT_DUST", "--amount"],
  ["more than all coins", () => ({ amount: "21000001" }), 3, "AMOUNT_TOO_LARGE", "--amount"],
  ["a number of 70 digits", () => ({ amount: "9".repeat(70) }), 3, "AMOUNT_TOO_LARGE", "--amount"],
  ["a hundred thousand digits", () => ({ amount: "9".repeat(100_000) }), 3, "AMOUNT_MALFORMED", "--amount"],
  ["more than the policy allows", () => ({ amount: "1.00000001" }), 4, "WITHDRAWAL_DENIED", "--amount"],
  ["another customer's beneficiary", () => ({ customer: "c-2" }), 4, "BENEFICIARY_UNKNOWN", "--to"],
  ["an unknown asset", () => ({ asset: "doge" }), 3, "ASSET_UNKNOWN", "--asset"],
  [
    "another network's asset",
    () => ({ asset: "bip122:000000000019d6689c085ae165831e93/slip44:0" }),
    3,
    "ASSET_UNKNOWN",
    "--asset",
  ],
  ["an unknown customer", () => ({ customer: "c-404" }), 5, "CUSTOMER_UNKNOWN", "--customer"],
  ["an unknown beneficiary", () => ({ to: STRANGER }), 4, "BENEFICIARY_UNKNOWN", "--to"],
  ["an address of our own", ({ ownAddress }) => ({ to: ownAddress }), 4, "DESTINATION_IS_OURS", "--to"],
  ["F14: a key used before, another amount", () => ({ key: "pending" }), 6, "IDEMPOTENCY_CONFLICT", "key"],
  [
    "F14: a key used before, another customer",
    () => ({ key: "pending", amount: "0.2", customer: "c-2" }),
    6,
    "IDEMPOTENCY_CONFLICT",
    "key",
  ],
  ["a key with a line break", () => ({ key: "a\nb" }), 3, "TEXT_UNSAFE", "--key"],
  ["a key of 200 characters", () => ({ key: "k".repeat(200) }), 3, "TEXT_UNSAFE", "--key"],
];

/** Whole calls that are wrong. */
export const CALL_MISTAKES: readonly Row<readonly string[]>[] = [
  ["an id that is none", () => ["withdraw", "show", "77"], 3, "ID_MALFORMED", "id"],
  ["an unknown withdrawal", () => ["withdraw", "show", "ab".repeat(16)], 5, "WITHDRAWAL_UNKNOWN", "id"],
  [
    "an unknown plan",
    () => ["withdraw", "export", "ab".repeat(16), "--out", "x.json"],
    5,
    "PLAN_UNKNOWN",
    "plan",
  ],
  [
    "an unknown wallet",
    () => ["withdraw", "build", "--wallet", "attic"],
    4,
    "WALLET_NOT_IN_POLICY",
    "--wallet",
  ],
  ["nothing to build", () => ["withdraw", "build", "--wallet", "vault"], 5, "NOTHING_TO_BUILD", "--wallet"],
  [
    "speeding up what is not signed",
    ({ exported }) => ["withdraw", "bump", exported.plan],
    6,
    "PLAN_NOT_SIGNED",
    "plan.state",
  ],
  [
    "dropping a plan that is exported",
    ({ exported }) => ["withdraw", "drop", exported.plan],
    6,
    "STATE_CONFLICT",
    "plan.state",
  ],
  ["a file that does not exist", () => ["withdraw", "import", "missing.json"], 5, "FILE_MISSING", "file"],
  ["a folder without QR codes", () => ["withdraw", "import", "."], 8, "SCAN_INCOMPLETE", "frames"],
  [
    "a document that is not imported there",
    ({ carried }) => ["withdraw", "import", carried("policy.json")],
    3,
    "IMPORT_KIND_UNKNOWN",
    "kind",
  ],
  [
    "an output file that exists",
    ({ pending, carried }) => ["withdraw", "bundle", pending, "--out", carried("policy.json")],
    6,
    "FILE_EXISTS",
    "out",
  ],
  [
    "an output folder that does not exist",
    ({ pending }) => ["withdraw", "bundle", pending, "--out", "no/where.json"],
    5,
    "FILE_MISSING",
    "out",
  ],
  ["an unknown state", () => ["withdraw", "queue", "--state", "DONE"], 2, "STATE_UNKNOWN", "--state"],
  ["a page of no rows", () => ["withdraw", "queue", "--limit", "0"], 2, "FLAG_MALFORMED", "--limit"],
  [
    "a customer who is here already",
    () => ["customer", "add", "--ref", CUSTOMER],
    6,
    "CUSTOMER_EXISTS",
    "ref",
  ],
];
