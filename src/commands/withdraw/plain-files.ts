/** Each attempt of a plan as signers of other makers read it, in files: a PSBT, or `ur:eth-sign-request` as text and picture. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pngOfMatrix } from "../../airgap/png-write.ts";
import { qrMatrix, versionFor } from "../../airgap/qr-matrix.ts";
import { ethSignRequestCbor } from "../../airgap/registry/eth-sign-request.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "../../airgap/ur.ts";
import { allAttempts, rungAt, rungNumber } from "../../chains/attempts.ts";
import { asPsbtV2 } from "../../chains/bitcoin/index.ts";
import type { EvmAttempt } from "../../chains/evm/attempt.ts";
import { signRequestsOf } from "../../chains/evm/sign-request.ts";
import { BITCOIN_CHAINS } from "../../core/chain.ts";
import { toHex, utf8 } from "../../core/hex.ts";
import type { Id } from "../../core/identifier.ts";
import { walletNamed } from "../../core/policy/entries.ts";
import { requirePolicy, type Online } from "../../home/online.ts";
import { planReading } from "../../home/plan-reading.ts";
import { READS } from "../../home/ports.ts";
import { getPlan } from "../../store/plans.ts";
import { switchedOn } from "../../terminal/command.ts";
import { writeOutput } from "../../terminal/files.ts";
import { attemptsAsBuilt, plainAttempts, planDocumentOf } from "../../withdrawals/planning/plan-bytes.ts";
import type { PlainForms } from "./plain-forms.ts";

type Named = { readonly name: string; readonly bytes: Uint8Array };

/** Pixels along the side of a module. */
const SCALE = 6;

/** They check less than ours do. @returns the paths @throws FILE_EXISTS, FILE_UNUSABLE */
export function writePlainForms(online: Online, id: Id, asked: PlainForms): readonly string[] {
  const { folder } = asked;
  const { call } = online;
  if (folder === undefined) return [];
  const files = plainForms(online, id, asked);
  // Made here, as that of --frames is: a folder that is missing must not end an export that is committed already.
  if (!call.dryRun) mkdirSync(resolve(call.io.cwd, folder), { recursive: true });
  return files.map(({ name, bytes }) => {
    const path = join(folder, `${id}.${name}`);
    if (!call.dryRun) writeOutput(call.io, path, bytes, { force: switchedOn(call.flags, "force") });
    return path;
  });
}

/** The same, in memory: what cannot be written is found out before anything is committed. */
export function plainForms(online: Online, id: Id, { version }: PlainForms): readonly Named[] {
  const { store, network } = online;
  const policy = requirePolicy(online);
  const plan = getPlan(store, id);
  const { body } = planDocumentOf(READS, store, plan);
  const reading = planReading(store, policy, plan);
  const nameAt = (place: number) => {
    const rung = rungAt(body, place);
    return rung === "cancel" ? rung : `rung-${rungNumber(rung)}`;
  };
  if (walletNamed(policy.body, plan.wallet).chain === BITCOIN_CHAINS[network])
    return plainAttempts(READS, store, plan, reading).map((bytes, place) => ({
      name: `${nameAt(place)}.psbt`,
      bytes: version === 2 ? asPsbtV2(bytes) : bytes,
    }));
  return allAttempts(attemptsAsBuilt(READS, store, plan, reading)).flatMap(({ tx }, place) =>
    askedOfDevice(tx as EvmAttempt, nameAt(place)),
  );
}

// A Safe's owners are asked one by one, each by a name of its own; what is too long for one code is in several, to be shown
// one after the other.
function askedOfDevice(attempt: EvmAttempt, name: string): readonly Named[] {
  const requests = signRequestsOf(attempt);
  return requests.flatMap((request) => {
    const whose = requests.length === 1 ? name : `${name}.0x${toHex(request.address).slice(0, 8)}`;
    const cbor = ethSignRequestCbor({ ...request, origin: "custody" });
    const encoded = encodeUr("eth-sign-request", cbor, FRAGMENT_BYTES_MAX, "uppercase");
    const frames = [...first(encoded.parts(), encoded.length)];
    const pictures = frames.map((text, place) => ({
      name: `${whose}.eth-sign-request${frames.length === 1 ? "" : `-${place + 1}`}.png`,
      bytes: pngOfMatrix(qrMatrix(text, versionFor(text.length, "L"), "L"), SCALE),
    }));
    const lines = frames.map((text) => `${text.toLowerCase()}\n`).join("");
    return [{ name: `${whose}.eth-sign-request.txt`, bytes: utf8(lines) }, ...pictures];
  });
}

function* first<T>(all: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const one of all) {
    if (taken >= count) return;
    taken += 1;
    yield one;
  }
}
