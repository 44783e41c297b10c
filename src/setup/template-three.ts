import type { Template } from "./house.ts";

/** The least with which payments are asked for, approved and signed by three different people. */
export const THREE: Template = {
  says: "Three people. Every payment takes all three: one asks, one approves, one stands at the signers.",
  seats: [
    {
      id: "operations",
      does: "runs the online host, asks for payments",
      roles: ["admin", "operator", "requester", "approver"],
    },
    {
      id: "officer-a",
      does: "approves payments, or is officer at the signers when the other one approves",
      roles: ["admin", "approver", "officer"],
    },
    {
      id: "officer-b",
      does: "the same, the other way round",
      roles: ["admin", "approver", "officer"],
    },
  ],
  approvers: { small: 1, large: 1 },
  cleared: [],
  quorums: { admin: 2, beneficiary: 2, resume: 2 },
  keeps: [
    "Who asks, who approves and who signs are three people in each payment.",
    "Two of three change the rules, sign a new destination, and end a halt.",
    "One absent person does not lock the rules: the other two can name a successor.",
  ],
  givesUp: [
    {
      says: "One approver is enough for a payment of any size; all that a large one can have besides is a wait.",
      isWarned: ({ kind }) => kind === "one-approver",
    },
    {
      says: "Nobody is spare: while one of the three is away, nothing is paid.",
      isWarned: ({ kind, of }) => kind === "lock-out" && !of.some((name) => name.startsWith("quorums.")),
    },
    {
      says: "Who makes the rules also approves by them: two of the three, together, can change the rules and then pay anybody.",
      isWarned: ({ kind }) => kind === "rules-and-approvals",
    },
    {
      says: "Who asks for a payment also operates the host that builds it.",
      isWarned: ({ kind, of }) => kind === "one-person" && of.join() === "requester,operator",
    },
    {
      says: "No recovery: when two of the three are lost, the rules can never change; have the coins paid out to a new custody before these end.",
      isWarned: ({ kind }) => kind === "no-recovery",
    },
  ],
};
