/**
 * Where Safe's contracts stand on the chains that they support, as the project publishes them
 * (safe-deployments). Each address follows from the contract's own code and the contract that deployed it (EIP-1014),
 * and the tests derive it from the released artifacts. A policy pins a wallet's addresses; these are what it can name.
 */
import { parseAddress, type Address } from "./address.ts";

export const SAFE_VERSIONS = ["1.3.0", "1.4.1", "1.5.0"] as const;
export type SafeVersion = (typeof SAFE_VERSIONS)[number];

/**
 * `canonical` and `eip155` are two deployments of 1.3.0: the first cannot be made on chains that refuse transactions
 * of before EIP-155.
 */
export type SafeDeployment = {
  readonly version: SafeVersion;
  readonly name: "canonical" | "eip155";
  readonly singleton: Address;
  /** The singleton that logs every call, for chains whose nodes keep no traces. */
  readonly singletonL2: Address;
  readonly multiSendCallOnly: Address;
};

const at = (text: string) => parseAddress(text, "deployment");

export const SAFE_DEPLOYMENTS: readonly SafeDeployment[] = [
  {
    version: "1.3.0",
    name: "canonical",
    singleton: at("0xd9Db270c1B5E3Bd161E8c8503c55cEABeE709552"),
    singletonL2: at("0x3E5c63644E683549055b9Be8653de26E0B4CD36E"),
    multiSendCallOnly: at("0x40A2aCCbd92BCA938b02010E17A5b8929b49130D"),
  },
  {
    version: "1.3.0",
    name: "eip155",
    singleton: at("0x69f4D1788e39c87893C980c06EdF4b7f686e2938"),
    singletonL2: at("0xfb1bffC9d739B8D520DaF37dF666da4C687191EA"),
    multiSendCallOnly: at("0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B"),
  },
  {
    version: "1.4.1",
    name: "canonical",
    singleton: at("0x41675C099F32341bf84BFc5382aF534df5C7461a"),
    singletonL2: at("0x29fcB43b46531BcA003ddC8FCB67FFE91900C762"),
    multiSendCallOnly: at("0x9641d764fc13c8B624c04430C7356C1C7C8102e2"),
  },
  {
    version: "1.5.0",
    name: "canonical",
    singleton: at("0xFf51A5898e281Db6DfC7855790607438dF2ca44b"),
    singletonL2: at("0xEdd160fEBBD92E350D4D398fb636302fccd67C7e"),
    multiSendCallOnly: at("0xA83c336B20401Af773B6219BA5027174338D1836"),
  },
];
