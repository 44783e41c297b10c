/** One withdrawal from request to confirmation on a real bitcoind, told while it happens. */
import * as z from "zod";
import type { Cast } from "./cast.ts";
import { addBeneficiary, addCustomer, buildAndExport, decide, request, signOffline } from "./ceremony.ts";
import { foundCustody, makeKeys, startSession } from "./founding.ts";
import type { Regtest } from "./regtest.ts";

export type Told = {
  readonly withdrawal: string;
  readonly transaction: string;
  readonly confirmations: number;
  readonly state: string;
  readonly auditRows: number;
  readonly auditRoot: string;
  readonly postings: number;
  readonly timeline: readonly {
    readonly at: string;
    readonly actor: string;
    readonly event: string;
    readonly state: string;
  }[];
};

/** Says what is about to happen. */
export type Narrator = (step: string) => void;

/** Tells the story on `node`. Every step is a run of a built program in a role's own home. */
export async function tellBitcoinStory(cast: Cast, node: Regtest, say: Narrator): Promise<Told> {
  say("four people and the offline signer make their keys, each at home");
  await makeKeys(cast);
  say("the admin drafts the policy; everyone named signs it; the signer pins it");
  await foundCustody(cast);
  say("the operator lends the online host a session key, by a signed delegation");
  await startSession(cast);

  say("a customer is reviewed (KYC) and pays in 0.6 BTC; the watcher credits the deposit");
  const { address } = await addCustomer(cast, "c-1001");
  await node.fund(address, "0.6");
  await node.mine(1);
  await cast.run("custody-watcher", "online", "once");

  say("the customer's destination is signed by the approver");
  const destination = await node.rpc.write("getnewaddress", [], z.string());
  await addBeneficiary(cast, "c-1001", destination);
  say("the customer asks for 0.25 BTC; the amount is held");
  const withdrawal = await request(cast, "c-1001", "0.25", destination, "order-77");
  say("the approver reads the bundle at a desk and signs an approval");
  await decide(cast, withdrawal);
  say("the online host builds three fee rungs and a cancel rung and exports them as a file");
  const { file } = await buildAndExport(cast);
  say("offline: the signer decodes the bytes, checks people's signatures, shows, signs");
  const receipt = await signOffline(cast, file);
  say("the receipt is imported; every signature is verified again");
  await cast.run("custody", "online", "withdraw", "import", receipt);
  say("the watcher broadcasts; a block is mined; the watcher sees it confirmed");
  await cast.run("custody-watcher", "online", "once");
  await node.mine(1);
  await cast.run("custody-watcher", "online", "once");
  say("ledger and audit tree are verified");
  return conclude(cast, withdrawal);
}

export async function conclude(cast: Cast, withdrawal: string): Promise<Told> {
  const shown = (await cast.run("custody", "online", "withdraw", "show", withdrawal)) as {
    state: string;
    attempts: readonly {
      transaction: string;
      networkId?: string;
      state: string;
      confirmations: number;
    }[];
    timeline: Told["timeline"];
  };
  const { postings } = (await cast.run("custody", "online", "ledger", "verify")) as { postings: number };
  const { rows, root } = (await cast.run("custody", "online", "audit", "verify")) as {
    rows: number;
    root: string;
  };
  const attempt = shown.attempts.find(({ state }) => state === "FINAL");
  return {
    withdrawal,
    transaction: attempt?.networkId ?? attempt?.transaction ?? "",
    confirmations: attempt?.confirmations ?? 0,
    state: shown.state,
    auditRows: rows,
    auditRoot: root,
    postings,
    timeline: shown.timeline,
  };
}
