import { embed } from "../../../src/core/document.ts";
import { custodyId } from "../../../src/core/policy/policy.ts";
import { holders } from "../../../src/core/policy/roles.ts";
import { fullWords } from "../../../src/core/words.ts";
import type { Run } from "../../../src/terminal/command.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load, POLICY_NOT_PINNED } from "../../keystore/load.ts";

export const run: Run = async (call) => {
  const { policy } = load(homeOfCall(call));
  if (policy === undefined) {
    throw POLICY_NOT_PINNED("no policy is pinned on this signer", {
      field: "policy",
      hint: "custody-signer policy pin --in policy.json",
    });
  }
  const { body } = policy;
  const custody = custodyId(policy);
  const people = (["admin", "operator", "requester", "approver", "officer"] as const).map(
    (role) =>
      [
        role,
        holders(body, role)
          .map(({ name, person }) => `${name} (${person})`)
          .join(", "),
      ] as const,
  );
  return {
    data: { custody, digest: policy.digest, policy: embed(policy) },
    text: drawFacts([
      ["policy", `number ${body.number}, ${body.network}, in force to ${body.expires}`],
      ["custody id", grouped(custody)],
      ["in words", fullWords(custody)],
      ...people,
      ...body.signers.map(
        ({ name, epoch, key }) => [`signer ${name}`, `epoch ${epoch}, ${grouped(key)}`] as const,
      ),
      ...body.wallets.map(({ name, descriptor }) => [`wallet ${name}`, descriptor] as const),
      ...body.rows.map(
        ({ name, aboveUnits, upToUnits, quorum, wallets }) =>
          [
            `row ${name}`,
            `above ${aboveUnits} to ${upToUnits} units, ${quorum} approvers, from ${wallets.join(", ")}`,
          ] as const,
      ),
    ]),
  };
};
