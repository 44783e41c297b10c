/** S11: an asset of the same code, issued by somebody else. */
import { addressOfKey } from "../../src/chains/stellar/address.ts";
import { xdrAssetOf } from "../../src/chains/stellar/assets.ts";
import { issuedAsset } from "../../src/core/asset.ts";
import { assert } from "../../src/core/errors.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { ISTSI, LOCAL } from "../factory/stellar-account.ts";
import { pair } from "./pair.ts";
import { offered, payment, withOperations } from "./stellar-payment.ts";

const SPOOF = xdrAssetOf(issuedAsset(LOCAL, "iSTSi", addressOfKey(fixtureBytes("spoof"))));

pair("S11", "a payment is in an asset of the same code, of another issuer", {
  good: () => payment({ asset: ISTSI }),
  bad: (offer) =>
    withOperations(offer, (one) => {
      assert(one.body.type === "payment" && SPOOF !== undefined, "a payment in an issued asset");
      return { ...one, body: { ...one.body, value: { ...one.body.value, asset: SPOOF } } };
    }),
  judge: offered,
  accepted: "signed",
  refused: "G8 STELLAR_ASSET_UNLISTED",
  removes: ["what is paid in is listed"],
  without: "G6 EFFECT_WITHOUT_INTENT",
});
