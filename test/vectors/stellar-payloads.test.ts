/**
 * The published signature payloads of a hardware wallet's own tests: each is read, written as it was, and says the same as the
 * Rust XDR, compiled to WebAssembly, says of it (SEP-51).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as xdrJson from "@stellar/stellar-xdr-json";
import { expect, test } from "vitest";
import { toBase64, toHex } from "../../src/core/hex.ts";
import { sha256 } from "../../src/core/digest.ts";
import { payloadBytes, readPreimage, readSignaturePayload } from "../../src/chains/stellar/envelope.ts";
import { chainOfNetwork } from "../../src/chains/stellar/network-id.ts";
import { encodeXdr } from "../../src/chains/stellar/xdr/type.ts";
import { HASH_ID_PREIMAGE, SIGNATURE_PAYLOAD } from "../../src/chains/stellar/xdr/transaction.ts";
import { checkCases, vectorBytes, vectorNames } from "./folder.ts";
import { jsonOf } from "./stellar-json.ts";

const { resolve } = createRequire(import.meta.url);
xdrJson.initSync(readFileSync(resolve("@stellar/stellar-xdr-json/stellar_xdr_json_bg.wasm")));

const NETWORK_CUSTOM = "soroban_auth_network_custom";

const names = vectorNames("stellar", ".raw");
test.skipIf(names.length === 0)(
  "each payload is read as the Rust XDR reads it, and written as it was",
  () => {
    checkCases("stellar/*.raw", names, (name) => {
      const bytes = new Uint8Array(vectorBytes(`stellar/${name}.raw`) ?? []);
      const isPreimage = name.startsWith("soroban_auth");
      const value = isPreimage ? readPreimage(bytes, name) : readSignaturePayload(bytes, name);
      const again =
        "tagged" in value ? encodeXdr(SIGNATURE_PAYLOAD, value) : encodeXdr(HASH_ID_PREIMAGE, value);
      expect(toHex(again)).toBe(toHex(bytes));
      const type = isPreimage ? "HashIdPreimage" : "TransactionSignaturePayload";
      expect(jsonOf(value)).toEqual(JSON.parse(xdrJson.decode(type, toBase64(bytes))));
      if ("tagged" in value) {
        const chain = chainOfNetwork(value.networkId);
        expect(sha256(payloadBytes(value.tagged, chain))).toEqual(sha256(bytes));
      } else if (name !== NETWORK_CUSTOM && value.type === "sorobanAuthorization") {
        expect(chainOfNetwork(value.value.networkId)).toMatch(/^stellar:(pubnet|testnet)$/);
      }
      return "passed";
    });
  },
);
