/** A day in the house of nine: a customer, deposits, destinations, approvals, batches, signatures. */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import type { Cast } from "../../../demo/cast.ts";
import type { Regtest } from "../../../demo/regtest.ts";
import { signAtDesk, signOffline, type Person, type SignerName } from "./house.ts";

export const CUSTOMER = "c-1001";

/** The operator's session, lent by a signed delegation. */
export async function startSession(cast: Cast): Promise<void> {
  const draft = cast.carried("delegation.json");
  await cast.run("custody", "online", "session", "new", "--operator", "otto", "--out", draft);
  const signed = await signAtDesk(cast, "otto", draft, "delegate", "delegation.signed.json");
  await cast.run("custody", "online", "session", "start", "--delegation", signed);
}

/** A known customer with coins, each a deposit of its own. */
export async function addCustomer(cast: Cast, node: Regtest, coins: readonly string[]): Promise<void> {
  const about = ["--customer", CUSTOMER];
  await cast.run("custody", "online", "customer", "add", "--ref", CUSTOMER);
  await cast.run("custody", "online", "kyc", "submit", ...about);
  const decision = ["--decision", "accept", "--tier", "basic", "--days", "365", "--reason", "documents-seen"];
  await cast.run("custody", "online", "kyc", "review", ...about, ...decision);
  const { address } = await cast.run("custody", "online", "wallet", "address", "vault", ...about);
  for (const coin of coins) await node.fund(address, coin);
  await node.mine(1);
  await watch(cast);
}

/** A destination, signed by one of the approvers. @returns the address, of the node's own wallet */
export async function addDestination(
  cast: Cast,
  node: Regtest,
  approvers: readonly Person[],
): Promise<string> {
  const address = await node.rpc.write("getnewaddress", [], z.string());
  const draft = cast.carried("beneficiary.json");
  rewrite(draft);
  const flags = ["--customer", CUSTOMER, "--to", address, "--out", draft, "--force"];
  await cast.run("custody", "online", "beneficiary", "add", ...flags);
  const signed = [];
  for (const person of approvers)
    signed.push(
      await signAtDesk(cast, person, draft, "beneficiary", `beneficiary.${person}.json`, ["--force"]),
    );
  await cast.run("custody", "online", "beneficiary", "import", ...signed);
  return address;
}

export async function request(cast: Cast, amount: string, to: string, key: string): Promise<string> {
  const flags = ["--customer", CUSTOMER, "--asset", "btc", "--amount", amount, "--to", to, "--key", key];
  return ((await cast.run("custody", "online", "withdraw", "request", ...flags)) as { id: string }).id;
}

/** Each of `people` decides at a desk; the decisions are imported. */
export async function decide(
  cast: Cast,
  id: string,
  people: readonly Person[],
  decision: "approve" | "reject" = "approve",
): Promise<readonly string[]> {
  const bundle = cast.carried(`${id}.${decision}.review.json`);
  await cast.run("custody", "online", "withdraw", "bundle", id, "--out", bundle);
  const files = [];
  for (const person of people)
    files.push(await signAtDesk(cast, person, bundle, decision, `${id}.${decision}.${person}.json`));
  await cast.run("custody", "online", "withdraw", "import", ...files);
  return files;
}

export type Exported = { readonly plan: string; readonly file: string };

export async function build(cast: Cast, ...more: readonly string[]): Promise<Exported> {
  const { plan } = await cast.run("custody", "online", "withdraw", "build", "--wallet", "vault", ...more);
  return exportPlan(cast, plan as string);
}

export async function exportPlan(cast: Cast, plan: string, name: string = plan): Promise<Exported> {
  const file = cast.carried(`${name}.request.json`);
  await cast.run("custody", "online", "withdraw", "export", plan, "--out", file);
  return { plan, file };
}

/** The signers sign in turn; their receipts are imported. */
export async function signBy(cast: Cast, { file }: Exported, signers: readonly SignerName[]): Promise<void> {
  for (const signer of signers)
    await cast.run("custody", "online", "withdraw", "import", await signOffline(cast, signer, file));
}

/** One pass of the watcher. */
export async function watch(cast: Cast): Promise<void> {
  await cast.run("custody-watcher", "online", "once");
}

/** Sent, mined, seen. */
export async function settle(cast: Cast, node: Regtest): Promise<void> {
  await watch(cast);
  await node.mine(1);
  await watch(cast);
}

export async function stateOf(cast: Cast, id: string): Promise<string> {
  return ((await cast.run("custody", "online", "withdraw", "show", id)) as { state: string }).state;
}

/** The active policy as people edit it for the next number. */
export async function editPolicy(
  cast: Cast,
  number: number,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- people edit text
  edit: (body: any) => void,
): Promise<string> {
  const edited = cast.carried(`policy-${number}.edit.json`);
  await cast.run("custody", "online", "policy", "show", "--indent", "--out", edited);
  const body: unknown = JSON.parse(readFileSync(edited, "utf8"));
  edit(body);
  writeFileSync(edited, JSON.stringify(body, null, 2));
  const draft = cast.carried(`policy-${number}.draft.json`);
  await cast.run("custody", "online", "policy", "draft", "--from", edited, "--out", draft);
  return draft;
}

function rewrite(file: string): void {
  writeFileSync(file, "");
}
