/** Safe's released contracts, compiled by their makers: modules of the npm packages, by version. */
import type { SafeVersion } from "../../src/chains/evm/deployments.ts";

export type SafeArtifacts = Readonly<
  Record<
    | "singleton"
    | "singletonL2"
    | "multiSendCallOnly"
    | "multiSend"
    | "proxyFactory"
    | "fallbackHandler"
    | "token",
    string
  >
>;

export const SAFE_ARTIFACTS: Readonly<Record<SafeVersion, SafeArtifacts>> = {
  "1.3.0": artifactsIn("@gnosis.pm/safe-contracts", "GnosisSafe"),
  "1.4.1": artifactsIn("@safe-global/safe-contracts", "Safe"),
  "1.5.0": artifactsIn("@safe-global/safe-smart-account", "Safe"),
};

function artifactsIn(folder: string, safe: string): SafeArtifacts {
  const at = (path: string) => {
    const name = path.split("/").at(-1);
    return `${folder}/build/artifacts/contracts/${path}.sol/${name}.json`;
  };
  return {
    singleton: at(safe),
    singletonL2: at(`${safe}L2`),
    multiSendCallOnly: at("libraries/MultiSendCallOnly"),
    multiSend: at("libraries/MultiSend"),
    proxyFactory: at(`proxies/${safe}ProxyFactory`),
    fallbackHandler: at("handler/CompatibilityFallbackHandler"),
    token: at("test/ERC20Token"),
  };
}
