/** The daily steps of a story, each as its people would type it. The demo and the end-to-end tests use the same ones. */
import type { Cast } from "./cast.ts";
import { keyOf, signAtDesk } from "./founding.ts";

/** A customer comes, is known (KYC), and gets an address to pay in to. */
export async function addCustomer(cast: Cast, ref: string): Promise<{ readonly address: string }> {
  await knowCustomer(cast, ref);
  return (await cast.run("custody", "online", "wallet", "address", "vault", "--customer", ref)) as {
    address: string;
  };
}

/** A customer comes and is known (KYC). */
export async function knowCustomer(cast: Cast, ref: string): Promise<void> {
  const custody = (...args: readonly string[]) => cast.run("custody", "online", ...args);
  await custody("customer", "add", "--ref", ref);
  await custody("kyc", "submit", "--customer", ref);
  const review = ["--decision", "accept", "--tier", "basic", "--days", "365", "--reason", "documents-seen"];
  await custody("kyc", "review", "--customer", ref, ...review);
}

/** Two admins say whose a payment to an account of ours is. */
export async function creditDeposit(cast: Cast, coin: string, ref: string): Promise<void> {
  const name = coin.replaceAll(":", "-");
  const draft = cast.carried(`${name}.credit.json`);
  const credit = ["deposit", "credit", coin, "--customer", ref];
  await cast.run("custody", "online", ...credit, "--out", draft);
  const first = await signAtDesk(cast, "admin", draft, "warrant", `${name}.admin.json`);
  const both = await signAtDesk(cast, "second", first, "warrant", `${name}.signed.json`);
  await cast.run("custody", "online", ...credit, "--warrant", both);
}

/** A destination becomes a signed document. */
export async function addBeneficiary(cast: Cast, ref: string, address: string, name = ref): Promise<void> {
  const draft = cast.carried(`beneficiary.${name}.json`);
  await cast.run(
    "custody",
    "online",
    "beneficiary",
    "add",
    "--customer",
    ref,
    "--to",
    address,
    "--out",
    draft,
  );
  await cast.run(
    "custody",
    "online",
    "beneficiary",
    "import",
    await signAtDesk(cast, "approver", draft, "beneficiary", `beneficiary.${name}.signed.json`),
  );
}

/** A client asks. @returns the withdrawal's id */
export async function request(
  cast: Cast,
  ref: string,
  amount: string,
  to: string,
  key: string,
  asset = "btc",
): Promise<string> {
  const flags = ["--customer", ref, "--asset", asset, "--amount", amount, "--to", to, "--key", key];
  const { id } = (await cast.run("custody", "online", "withdraw", "request", ...flags)) as { id: string };
  return id;
}

/** The approver decides at a desk; the decision is imported. */
export async function decide(
  cast: Cast,
  id: string,
  decision: "approve" | "reject" = "approve",
): Promise<void> {
  const bundle = cast.carried(`${id}.review.json`);
  await cast.run("custody", "online", "withdraw", "bundle", id, "--out", bundle);
  await cast.run(
    "custody",
    "online",
    "withdraw",
    "import",
    await signAtDesk(cast, "approver", bundle, decision, `${id}.${decision}.json`),
  );
}

/** A plan is built and leaves the online host. */
export async function buildAndExport(cast: Cast): Promise<{ readonly plan: string; readonly file: string }> {
  const { plan } = (await cast.run("custody", "online", "withdraw", "build", "--wallet", "vault")) as {
    plan: string;
  };
  const file = cast.carried(`${plan}.request.json`);
  await cast.run("custody", "online", "withdraw", "export", plan, "--out", file);
  return { plan, file };
}

/** The officer reviews and signs at the offline machine. @returns the receipt's file */
export async function signOffline(cast: Cast, file: string, role = "signer"): Promise<string> {
  const { digest } = (await cast.run("custody-signer", role, "review", "--in", file)) as {
    digest: string;
  };
  const { head } = (await cast.run("custody-signer", role, "journal", "show")) as { head: string };
  const receipt = file.replace(/request\.json$/, role === "signer" ? "receipt.json" : `${role}.receipt.json`);
  const flags = signFlags(cast, { file, receipt, digest, head }, role);
  await cast.run("custody-signer", role, "sign", ...flags);
  return receipt;
}

/** The flags of `custody-signer sign` with the officer's key, the logbook's head and the digest of the review. */
export function signFlags(
  cast: Cast,
  { file, receipt, digest, head }: Readonly<Record<"file" | "receipt" | "digest" | "head", string>>,
  role = "signer",
): readonly string[] {
  return [
    "--in",
    file,
    "--out",
    receipt,
    "--officer",
    `${cast.folder}/officer/${keyOf("officer")}`,
    "--officer-passphrase-file",
    cast.passphrase("officer"),
    "--logbook",
    head,
    "--confirm",
    digest,
    "--passphrase-file",
    cast.passphrase(role),
  ];
}
