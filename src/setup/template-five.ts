import type { Template } from "./house.ts";

/** Approvers make no rules, rule makers do not approve, and a small payment survives any one absence. */
export const FIVE: Template = {
  says: "Five people. Two approve and do nothing else; three run the house and change its rules by two of three.",
  seats: [
    {
      id: "operations",
      does: "runs the online host, asks for payments",
      roles: ["admin", "operator", "requester"],
    },
    {
      id: "officer",
      does: "stands at the signers; operates when operations is away",
      roles: ["admin", "officer", "operator", "requester"],
    },
    {
      id: "compliance",
      does: "clears large payments; officer at the signers when the officer operates",
      roles: ["admin", "compliance", "officer"],
    },
    { id: "approver-a", does: "approves payments and destinations", roles: ["approver"] },
    { id: "approver-b", does: "approves payments and destinations", roles: ["approver"] },
  ],
  approvers: { small: 1, large: 2 },
  cleared: ["large"],
  quorums: { admin: 2, beneficiary: 2, resume: 2 },
  keeps: [
    "Who asks, who approves, who clears and who signs are different people in each payment.",
    "Who approves makes no rules, and who makes rules approves nothing; two of three admins change them.",
    "A large payment needs two approvers and compliance, and the wait that you choose.",
    "A small payment can be made while any one person is away.",
  ],
  givesUp: [
    {
      says: "One approver is enough for a small payment; compliance does not look at it one by one.",
      isWarned: ({ kind, of }) => kind === "one-approver" && of.join() === "small-withdrawals",
    },
    {
      says: "Nobody is spare for a large payment: it waits while one of the five is away.",
      isWarned: ({ kind, of }) => kind === "lock-out" && of.includes("large-withdrawals"),
    },
    {
      says: "With one approver away there are no new destinations, no consolidations, cancellations or attestations, and no end of a halt.",
      isWarned: ({ kind, of }) =>
        kind === "lock-out" && !of.includes("large-withdrawals") && !of.includes("quorums.admin"),
    },
    {
      says: "Who asks for a payment also operates the host that builds it.",
      isWarned: ({ kind, of }) => kind === "one-person" && of.join() === "requester,operator",
    },
    {
      says: "No recovery: when two of the three admins are lost, the rules can never change; have the coins paid out to a new custody before these end.",
      isWarned: ({ kind }) => kind === "no-recovery",
    },
  ],
};
