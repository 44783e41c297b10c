/** The next policy from one that people have edited: what the numbering says is filled in, all else is as they wrote it. */
import { isSameWallet } from "../../chains/same-wallet.ts";
import { fromEmbedded } from "../../core/document.ts";
import { declareError, isError } from "../../core/errors.ts";
import { addSeconds, later, type Instant } from "../../core/instant.ts";
import { repeatedMember } from "../../core/repeated-member.ts";
import { assertFollows } from "../../core/policy/following.ts";
import {
  custodyId,
  POLICY,
  policyDocument,
  type Policy,
  type PolicyDocument,
} from "../../core/policy/policy.ts";
import { excerpt } from "../../core/text.ts";
import { countFlag, optionalFlag, type Call } from "../../terminal/command.ts";
import { readInput } from "../../terminal/files.ts";
import { HOME_MISSING, requirePolicy, withOnline, POLICY_MISSING } from "../../home/online.ts";

export const POLICY_NOT_JSON = declareError(
  "POLICY_NOT_JSON",
  "invalid",
  "A file to draft a policy from is not JSON, or names a field twice.",
);

/** The active policy of this home, if it has one. */
export async function activePolicyOf(call: Call): Promise<PolicyDocument | undefined> {
  try {
    return await withOnline(call, requirePolicy);
  } catch (error) {
    if (isError(error, HOME_MISSING, POLICY_MISSING)) return undefined;
    throw error;
  }
}

/** @throws POLICY_NOT_JSON, DOCUMENT_MALFORMED, POLICY_NOT_NEXT */
export async function draftFrom(
  call: Call,
  path: string,
  active: PolicyDocument | undefined,
): Promise<Policy> {
  const edited = await readEdited(call, path);
  const issued = active === undefined ? call.io.now() : later(call.io.now(), active.body.issued);
  const numbered = active === undefined ? firstOf(edited) : followerOf(edited, active);
  const body: Policy = { ...numbered, issued, expires: expiryOf(call, edited, issued) };
  if (active !== undefined) assertFollows(active, policyDocument(body), isSameWallet);
  return body;
}

// As people write it: spaces, any order of names. Signatures speak of what was before, and are left behind.
async function readEdited(call: Call, path: string): Promise<Policy> {
  const text = new TextDecoder().decode(await readInput(call.io, path, POLICY.bytesMax, "--from"));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notJson(`${path} is not JSON: ${(cause as Error).message}`, cause);
  }
  // Two quorums under one name: whoever reads the file sees one of them, the draft would have the other.
  const twice = repeatedMember(text);
  if (twice !== undefined) throw notJson(`${path} names ${excerpt(twice)} twice`);
  return fromEmbedded(POLICY, value).body;
}

function notJson(why: string, cause?: unknown) {
  return POLICY_NOT_JSON(why, {
    field: "--from",
    hint: "custody policy show --out policy.json --indent",
    ...(cause === undefined ? {} : { cause }),
  });
}

function firstOf({ previous: _previous, custody: _custody, ...body }: Policy): Policy {
  return { ...body, number: 1, signers: body.signers.map((signer) => ({ ...signer, since: 1 })) };
}

function followerOf(edited: Policy, active: PolicyDocument): Policy {
  const number = active.body.number + 1;
  const signers = edited.signers.map((signer) => {
    const known = active.body.signers.find(
      ({ name, epoch, key }) => name === signer.name && epoch === signer.epoch && key === signer.key,
    );
    return { ...signer, since: known?.since ?? number };
  });
  return { ...edited, number, previous: active.digest, custody: custodyId(active), signers };
}

function expiryOf({ flags }: Call, { expires }: Policy, issued: Instant): Instant {
  if (optionalFlag(flags, "days") === undefined) return expires;
  return addSeconds(issued, 86_400 * countFlag(flags, "days", { min: 1, max: 3650, otherwise: 365 }));
}
