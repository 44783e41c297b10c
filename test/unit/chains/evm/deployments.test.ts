/** The published addresses follow from the released code (EIP-1014): each is derived from the artifact on npm. */
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import {
  SAFE_DEPLOYMENTS,
  SAFE_VERSIONS,
  type SafeDeployment,
} from "../../../../src/chains/evm/deployments.ts";
import { keccak256 } from "../../../../src/chains/evm/keccak.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import { SAFE_ARTIFACTS } from "../../../factory/safe-artifacts.ts";

const require = createRequire(import.meta.url);
/** The deterministic deployment proxy, and the factory of Safe for chains that refuse its transaction. */
const PROXY = "4e59b44847b379578588920ca78fbf26c0b4956c";
const FACTORY = "914d7fec6aac8cd542e72bca78b30650d45643d7";

function deployedBy(factory: string, artifact: string) {
  const { bytecode } = require(artifact) as { readonly bytecode: string };
  const code = keccak256(fromHex(bytecode.slice(2)));
  return addressOf(keccak256(Uint8Array.of(0xff), fromHex(factory), new Uint8Array(32), code).subarray(12));
}

test.each(SAFE_DEPLOYMENTS)("$version, $name", (deployment: SafeDeployment) => {
  const { version, name } = deployment;
  const artifacts = SAFE_ARTIFACTS[version];
  const factory = version === "1.3.0" && name === "canonical" ? PROXY : FACTORY;
  for (const contract of ["singleton", "singletonL2", "multiSendCallOnly"] as const)
    expect(deployment[contract]).toBe(deployedBy(factory, artifacts[contract]));
});

test("every version is there, and no address twice", () => {
  expect(new Set(SAFE_DEPLOYMENTS.map(({ version }) => version))).toEqual(new Set(SAFE_VERSIONS));
  const all = SAFE_DEPLOYMENTS.flatMap(({ version: _version, name: _name, ...addresses }) =>
    Object.values(addresses),
  );
  expect(new Set(all).size).toBe(3 * SAFE_DEPLOYMENTS.length);
});
