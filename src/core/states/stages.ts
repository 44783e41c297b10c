/** Stages that withdrawals and movements have in common, each named once; their tables of events are made from them. */

/** It waits for people: for approvals, for a release or a clearance, for a plan. */
export const OPEN = ["PENDING_APPROVAL", "COOLING", "READY"] as const;

/** It was asked for well, and no plan of it has left the machine. */
export const UNEXPORTED = [...OPEN, "PLANNED"] as const;

/** A plan of it has left the machine, and nothing of it was sent. */
export const EXPORTED = ["EXPORTED", "SIGNED"] as const;

/** Sent, as far as is known here, and in no block: of an attempt as of what it pays. */
export const SENDING = ["BROADCASTING", "UNCERTAIN", "BROADCAST"] as const;
