/** B5: whatever a wallet is written as, read again it is this wallet and no other: its keys, quorum and kind of script. */
import { describe, expect, test } from "vitest";
import { decodeCbor } from "../../../../../src/airgap/cbor.ts";
import { accountCbor, outputCbor } from "../../../../../src/airgap/registry/account-keys.ts";
import { readAccount } from "../../../../../src/airgap/registry/account.ts";
import { readOutput, type Output } from "../../../../../src/airgap/registry/output.ts";
import {
  deriveAddress,
  parseDescriptor,
  writeDescriptor,
  type DescriptorKind,
} from "../../../../../src/chains/bitcoin/descriptor.ts";
import { descriptorChecksum } from "../../../../../src/chains/descriptor-checksum.ts";
import { keyExpressionOf } from "../../../../../src/chains/bitcoin/exports/registry-key.ts";
import { EXPORT_UNFIT } from "../../../../../src/chains/export-unfit.ts";
import {
  exportWallet,
  type Exported,
  type ExportFormat,
} from "../../../../../src/chains/bitcoin/exports/wallet-export.ts";
import { KINDS } from "../../../../../src/chains/bitcoin/kinds/table.ts";
import { assert } from "../../../../../src/core/errors.ts";
import { codeOf } from "../../../../factory/thrown.ts";
import { walletOfKind } from "../../../../bitcoin/regtest-wallet.ts";

const REGISTRY_KINDS: Readonly<Record<string, DescriptorKind>> = {
  wpkh: "p2wpkh",
  "sh wpkh": "p2sh-p2wpkh",
  tr: "p2tr",
  "wsh of several": "p2wsh-sortedmulti",
  "sh wsh of several": "p2sh-p2wsh-sortedmulti",
};
const COLDCARD_KINDS: Readonly<Record<string, DescriptorKind>> = {
  P2WSH: "p2wsh-sortedmulti",
  "P2SH-P2WSH": "p2sh-p2wsh-sortedmulti",
};

function sealed(body: string): string {
  return parseDescriptor(`${body}#${descriptorChecksum(body) ?? ""}`, "regtest").text;
}

function fromRegistry({ scripts, threshold, keys }: Output): string {
  const kind = REGISTRY_KINDS[`${scripts.join(" ")}${threshold === undefined ? "" : " of several"}`];
  assert(kind !== undefined, "a kind that the registry has");
  const expressions = keys.map((key) => keyExpressionOf(key, "regtest", "key"));
  return writeDescriptor({ kind, threshold: threshold ?? 1, keys: expressions }, "regtest").text;
}

/** The descriptor that a reader makes of what was written. */
const READERS: Readonly<Record<ExportFormat, (exported: Exported) => string>> = {
  descriptor: (exported) => parseDescriptor(textOf(exported).trim(), "regtest").text,
  bsms: (exported) => {
    const [, template = "", , address] = textOf(exported).split("\n");
    const text = sealed(template.replaceAll("/**", "/<0;1>/*"));
    expect(address).toBe(deriveAddress(parseDescriptor(text, "regtest"), 0, 0).address);
    return text;
  },
  coldcard: (exported) => {
    const values = (label: string) =>
      [...textOf(exported).matchAll(new RegExp(`^${label}: (.*)$`, "gm"))].map((line) => line[1] as string);
    const xpubs = [...textOf(exported).matchAll(/^([0-9A-F]{8}): (.*)$/gm)];
    const keys = xpubs.map(
      ([, fingerprint = "", xpub = ""], i) =>
        `[${fingerprint.toLowerCase()}${(values("Derivation")[i] ?? "").slice(1)}]${xpub}`,
    );
    const kind = COLDCARD_KINDS[values("Format")[0] ?? ""];
    assert(kind !== undefined, "a kind that a Coldcard has");
    const threshold = Number((values("Policy")[0] ?? "").split(" of ")[0]);
    return writeDescriptor({ kind, threshold, keys }, "regtest").text;
  },
  "crypto-output": (exported) => {
    assert(exported.type === "output", "an output");
    return fromRegistry(readOutput(decodeCbor(outputCbor(exported.output))));
  },
  "crypto-account": (exported) => {
    assert(exported.type === "account", "an account");
    const { outputs } = readAccount(decodeCbor(accountCbor(exported.account)));
    return fromRegistry(outputs[0] as Output);
  },
};

function textOf(exported: Exported): string {
  assert(exported.type === "text", "text");
  return exported.text;
}

const SINGLE: readonly ExportFormat[] = ["descriptor", "crypto-output", "crypto-account"];
const SEVERAL: readonly ExportFormat[] = ["descriptor", "coldcard", "bsms", "crypto-output"];
const TAPROOT: readonly ExportFormat[] = ["descriptor", "bsms"];

describe.each(KINDS)("$kind", ({ kind, several }) => {
  const fitting = kind === "p2tr-sortedmulti" ? TAPROOT : several ? SEVERAL : SINGLE;

  test.each(Object.keys(READERS) as ExportFormat[])("as %s", (format) => {
    for (const internalKey of ["point", "extended"] as const) {
      const { descriptor } = walletOfKind(kind, { internalKey });
      const write = () => exportWallet(descriptor, { format, name: "vault", branches: "both" });
      if (fitting.includes(format)) expect(READERS[format](write())).toBe(descriptor.text);
      else expect(codeOf(write)).toBe(EXPORT_UNFIT.code);
    }
  });

  test("of one branch, as text: the addresses of that branch, under a checksum of their own", () => {
    const { descriptor } = walletOfKind(kind);
    for (const [branches, step] of [
      ["receive", "/0/*"],
      ["change", "/1/*"],
    ] as const) {
      const exported = exportWallet(descriptor, { format: "descriptor", name: "vault", branches });
      const [body = "", checksum] = textOf(exported).trim().split("#");
      expect(checksum).toBe(descriptorChecksum(body));
      expect(sealed(body.replaceAll(step, "/<0;1>/*"))).toBe(descriptor.text);
    }
  });
});
