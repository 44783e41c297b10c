/**
 * B26: a change of policy that is refused and yet changes something. Policies given together are judged together, and
 * none of them is in force unless all are.
 */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentBytes } from "../../src/core/document.ts";
import type { PolicyDocument } from "../../src/core/policy/policy.ts";
import { ALICE, BEN } from "../factory/identities.ts";
import { following, signedPolicy } from "../factory/policies.ts";
import { pinnedHome } from "../factory/signer-home.ts";
import { pair } from "./pair.ts";

type Home = Awaited<ReturnType<typeof pinnedHome>>;

const numberOf = async (home: Home) => {
  const { data } = await home.run(["policy", "show"]);
  return (data["policy"] as { number?: number } | undefined)?.number;
};

/** Number 2, which relaxes something, and number 3 after it. @param by who signs number 3 */
function chain(home: Home, by: typeof ALICE): readonly PolicyDocument[] {
  const second = signedPolicy(following(home.custody.policy, { clockToleranceSeconds: 200 }), [ALICE]);
  return [second, signedPolicy(following(second, { clockToleranceSeconds: 201 }), [by])];
}

pair("B26", "two policies are pinned together, and the second is not signed by an admin", {
  good: () => ALICE,
  bad: () => BEN,
  async judge(by) {
    const home = await pinnedHome();
    const policies = chain(home, by);
    const files = policies.flatMap((policy) => [
      "--in",
      home.write(`policy-${policy.body.number}.json`, documentBytes(policy)),
    ]);
    const confirm = ["--confirm", policies.at(-1)?.digest ?? "", "--logbook", home.logbook];
    const { error } = await home.run(["policy", "pin", ...files, ...confirm, "--passphrase-file", "pass"]);
    return `${error?.code ?? "pinned"}, number ${await numberOf(home)} is in force`;
  },
  accepted: "pinned, number 3 is in force",
  refused: "POLICY_UNSIGNED, number 1 is in force",
  removes: ["every policy is judged before one is pinned"],
  without: "pinned, number 3 is in force",
});

test("B26: a policy's file without its journal entry is not in force", async () => {
  const home = await pinnedHome();
  const [second] = chain(home, ALICE);
  const place = join("home", `policy-${home.custody.policy.body.network}-2.json`);
  copyFileSync(home.write("policy-2.json", documentBytes(second as PolicyDocument)), home.path(place));
  expect(await numberOf(home)).toBe(1);
});
