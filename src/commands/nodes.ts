/** Bitcoin nodes as they were found, for people and for programs. */
import type { NodeFacts, Standing } from "../nodes/survey.ts";
import type { Surveyed } from "../nodes/quorum.ts";

/** What is done about a node that is not well. */
export function runbookOf(standing: Standing): string {
  return `docs/runbooks/${standing === "apart" ? "lying-node" : "node-down"}.md`;
}

/** For `--json`. `agreed` is the newest block that enough of them share, absent where they share none. */
export function describeNodes({ nodes, agreed }: Surveyed) {
  return { nodes: nodes.map(describeNode), ...(agreed === undefined ? {} : { agreed }) };
}

export function describeNode({ name, standing, tip, reason, breaker }: NodeFacts) {
  return {
    node: name,
    standing,
    ...(tip === undefined ? {} : { height: tip.height, hash: tip.hash }),
    ...(reason === "" ? {} : { reason }),
    ...(breaker === undefined ? {} : { breaker }),
  };
}

/** One node in words: `behind at height 110: 10 blocks behind the others`. */
export function nodeWords({ standing, tip, reason, breaker }: NodeFacts): string {
  const height = tip === undefined ? "" : ` at height ${tip.height}`;
  const why = reason === "" ? "" : `: ${reason}`;
  const rest = breaker === undefined || breaker === "closed" ? "" : ` (breaker ${breaker})`;
  return `${standing}${height}${why}${rest}`;
}

/** What they share. */
export function agreedWords({ agreed }: Surveyed): string {
  return agreed === undefined ? "no block" : `block ${agreed.height} of ${agreed.time}`;
}
