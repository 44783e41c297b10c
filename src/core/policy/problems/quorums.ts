/** Quorums outside the rows: enough persons hold the role, and what losing one of them would mean. */
import { counted } from "../../count.ts";
import type { Policy, Role } from "../policy.ts";
import { holders } from "../roles.ts";
import { error, warning, type Problem } from "./problem.ts";

type Quorum = { readonly field: string; readonly role: Role; readonly needed: number; readonly does: string };

function quorumsOf({ quorums, recovery }: Policy): readonly Quorum[] {
  const all: readonly Quorum[] = [
    { field: "quorums.admin", role: "admin", needed: quorums.admin, does: "change this policy" },
    {
      field: "quorums.beneficiary",
      role: "approver",
      needed: quorums.beneficiary,
      does: "sign a destination",
    },
    { field: "quorums.resume", role: "approver", needed: quorums.resume, does: "end a halt" },
    { field: "quorums.build", role: "build", needed: quorums.build, does: "vouch for a signer's program" },
    { field: "recovery.quorum", role: "recovery", needed: recovery?.quorum ?? 0, does: "replace the admins" },
  ];
  return all.filter(({ needed }) => needed > 0);
}

function personsWith(policy: Policy, role: Role): number {
  return new Set(holders(policy, role).map(({ person }) => person)).size;
}

export function* quorumErrors(policy: Policy): Iterable<Problem> {
  for (const { field, role, needed } of quorumsOf(policy)) {
    const persons = personsWith(policy, role);
    if (persons < needed)
      yield error(
        field,
        `asks for ${counted(needed, "person")} with role ${role}, of whom there ${persons === 1 ? "is" : "are"} ${persons}`,
      );
  }
}

export function* quorumWarnings(policy: Policy): Iterable<Problem> {
  for (const { field, role, needed, does } of quorumsOf(policy)) {
    if (needed === 1) yield warning(field, `one person alone can ${does}`);
    if (personsWith(policy, role) > needed) continue;
    const without = needed === 1 ? "that one person" : `any one of ${needed} persons`;
    yield warning(field, `lock-out: without ${without} nobody can ${does}`, "lock-out", [field]);
  }
  yield* recoveryWarnings(policy);
}

function* recoveryWarnings(policy: Policy): Iterable<Problem> {
  const kept = holders(policy, "recovery");
  if (policy.recovery === undefined) {
    const why = "there is none: if the admins' quorum is lost, this policy can never change";
    yield warning("recovery", why, "no-recovery");
    if (kept.length > 0)
      yield warning("recovery", `${kept.map(({ name }) => name).join(", ")} hold a role without any right`);
    return;
  }
  const admins = new Set(holders(policy, "admin").map(({ person }) => person));
  for (const { name, person } of kept)
    if (admins.has(person))
      yield warning("recovery", `${name} is an admin's: what loses the admin loses this key as well`);
}
