import type { Seat, Template } from "./house.ts";

const approver = (id: string): Seat => ({
  id,
  does: "approves payments and destinations; keeps a recovery right with two others",
  roles: ["approver", "recovery"],
});

/** Any one person can be away, and nobody holds two powers that matter over one payment. */
export const NINE: Template = {
  says: "Nine people. Every seat has a spare, compliance clears each payment, lost admins can be replaced.",
  seats: [
    { id: "officer", does: "stands at the signers", roles: ["admin", "officer"] },
    { id: "compliance", does: "clears payments", roles: ["admin", "compliance"] },
    {
      id: "deputy",
      does: "clears, or stands at the signers, when one of the two above is away",
      roles: ["admin", "compliance", "officer"],
    },
    {
      id: "operations-a",
      does: "runs the online host, asks for payments",
      roles: ["operator", "requester"],
    },
    {
      id: "operations-b",
      does: "runs the online host, asks for payments",
      roles: ["operator", "requester"],
    },
    approver("approver-a"),
    approver("approver-b"),
    approver("approver-c"),
    approver("approver-d"),
  ],
  approvers: { small: 2, large: 3 },
  cleared: ["small", "large"],
  quorums: { admin: 2, beneficiary: 2, resume: 2 },
  recovery: { quorum: 3, days: 30 },
  keeps: [
    "Who asks, who approves, who clears and who signs are different people in each payment.",
    "Who approves makes no rules, and who makes rules approves nothing; two of three admins change them.",
    "Two of four approve a small payment, three of four a large one, after the wait that you choose.",
    "Any one person can be away, and everything still goes on.",
    "Three of four approvers can replace lost admins, after thirty days in which everybody sees it.",
  ],
  givesUp: [
    {
      says: "Who asks for a payment also operates the host that builds it; approvers and compliance see it before.",
      isWarned: ({ kind, of }) => kind === "one-person" && of.join() === "requester,operator",
    },
  ],
};
