/** One withdrawal of ether from request to finality on a real anvil, told while it happens. */
import type { Anvil } from "./anvil.ts";
import type { Cast } from "./cast.ts";
import {
  addBeneficiary,
  buildAndExport,
  creditDeposit,
  decide,
  knowCustomer,
  request,
  signOffline,
} from "./ceremony.ts";
import { FIVE, foundCustody, makeKeys, type PolicyDraft, startSession } from "./founding.ts";
import { conclude, type Narrator, type Told } from "./story-bitcoin.ts";

const LOCAL_CHAIN = "eip155:31337";
const CUSTOMER = "c-1001";
const ONE = 10n ** 18n;
/** Where the customer wants to be paid: an account of nobody's. FOR REGTEST ONLY. */
export const DESTINATION = "0x52908400098527886E0F7030069857D2E4169EE7";

/**
 * A custody whose vault is an account on the local chain, with a session of the operator's.
 * @param edit what people change in the draft of its policy
 */
export async function foundAccount(
  cast: Cast,
  confirmations = 2,
  edit?: (policy: PolicyDraft) => PolicyDraft,
): Promise<void> {
  await makeKeys(cast, { people: FIVE, kinds: ["eoa"] });
  const more = ["--kind", "eoa", "--chain", LOCAL_CHAIN];
  await foundCustody(cast, {
    upTo: "5",
    confirmations,
    more,
    people: FIVE,
    desks: ["operator", "approver", "admin", "second"],
    ...(edit === undefined ? {} : { edit }),
  });
  await startSession(cast);
}

/** The address of the vault. */
export async function vaultAddress(cast: Cast): Promise<string> {
  return ((await cast.run("custody", "online", "wallet", "address", "vault")) as { address: string }).address;
}

/** Somebody pays ether to the vault, and the admins say whose it is. */
export async function payIn(cast: Cast, node: Anvil, wei: bigint): Promise<void> {
  await send(node, await vaultAddress(cast), wei);
  await node.mine(4);
  await cast.run("custody-watcher", "online", "once");
  const [coin] = (await cast.run("custody", "online", "deposit", "unclaimed")) as { coin: string }[];
  await creditDeposit(cast, coin?.coin ?? "", CUSTOMER);
}

/** A transaction of the customer's own account, which the local node makes for us. */
async function send(node: Anvil, to: string, wei: bigint): Promise<void> {
  await node.fund(DESTINATION, 10n * wei);
  await node.rpc("anvil_impersonateAccount", [DESTINATION]);
  await node.rpc("eth_sendTransaction", [{ from: DESTINATION, to, value: `0x${wei.toString(16)}` }]);
}

/** Tells the story on `node`. Every step is a run of a built program in a role's own home. */
export async function tellEvmStory(cast: Cast, node: Anvil, say: Narrator): Promise<Told> {
  say("five people and the offline signer make their keys; the policy names an account on the chain");
  cast.env["CUSTODY_EVM_URL"] = `${node.chainId}=${node.url}`;
  await foundAccount(cast);
  say("a customer is reviewed (KYC)");
  await knowCustomer(cast, CUSTOMER);
  say("ether comes to the account; the watcher finds it, and an admin says whose it is");
  await payIn(cast, node, 3n * ONE);
  say("the customer's destination is signed by the approver");
  await addBeneficiary(cast, CUSTOMER, DESTINATION);
  say("the customer asks for 1.25 ETH; the amount is held");
  const withdrawal = await request(cast, CUSTOMER, "1.25", DESTINATION, "order-77", "eth");
  say("the approver reads the bundle at a desk and signs an approval");
  await decide(cast, withdrawal);
  say("the online host builds a ladder of one nonce with a cancel rung and exports it as a file");
  const { file } = await buildAndExport(cast);
  say("offline: the signer decodes the bytes, checks people's signatures, shows, signs");
  const receipt = await signOffline(cast, file);
  say("the receipt is imported; every signature is verified again");
  await cast.run("custody", "online", "withdraw", "import", receipt);
  say("the watcher broadcasts; blocks are mined until the chain calls them final");
  await cast.run("custody-watcher", "online", "once");
  await node.mine(4);
  await cast.run("custody-watcher", "online", "once");
  say("ledger and audit tree are verified");
  return conclude(cast, withdrawal);
}
