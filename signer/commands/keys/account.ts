/** A signer's public keys as other coordinators import them: `keys export --as crypto-account`. */
import { keyAccounts } from "../../../src/chains/bitcoin/exports/key-account.ts";
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import type { SignerCard } from "../../../src/core/documents/signer-card.ts";
import { optionalFlag, type Call, type Outcome } from "../../../src/terminal/command.ts";
import { USAGE } from "../../../src/terminal/program.ts";
import { deliverExport } from "../../../src/terminal/wallet-export.ts";
import { oneOfMasters } from "./masters.ts";

/**
 * The keys of one master of a card whose seeds were opened. They are keys alone: no policy, and no wallet before one names
 * them.
 * @throws USAGE for another format, and where the card has several masters and none is named; as `deliverExport`
 */
export async function exportAccount(call: Call, card: SignerCard): Promise<Outcome> {
  const format = optionalFlag(call.flags, "as");
  if (format !== "crypto-account") {
    throw USAGE(
      "keys are exported as a card, as crypto-account, or an account of EVM chains as crypto-hdkey",
      {
        field: "--as",
        hint: "give --as crypto-account or crypto-hdkey, or leave --as out",
      },
    );
  }
  const chain = BITCOIN_CHAINS[card.network];
  const accounts = keyAccounts(
    card.wallets.filter((wallet) => wallet.chain === chain).map(({ descriptor }) => descriptor),
    card.cosignerKeys.filter((cosigner) => cosigner.chain === chain).map(({ key }) => key),
    card.network,
  );
  const account = oneOfMasters(accounts, optionalFlag(call.flags, "fingerprint"));
  return deliverExport(call, `Keys of signer ${card.signer}`, { type: "account", account }, [
    [
      "account",
      `${account.fingerprint}, ${account.outputs.map(({ scripts }) => scripts.join("-")).join(", ")}`,
    ],
  ]);
}
