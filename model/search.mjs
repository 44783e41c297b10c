// Breadth-first search over named states, and backward reachability for "something good stays possible".

/** Explores until a property breaks, the space ends, or a bound is met. The first violation met is a shortest one. */
export function explore({
  start,
  actions,
  broken,
  nameOf,
  depth = Infinity,
  limit = Infinity,
  follow = false,
}) {
  const nodes = [{ state: start, parent: -1, move: -1, level: 0 }];
  const seen = new Map([[nameOf(start), 0]]);
  const honest = follow ? [] : undefined;
  let moves = 0;
  let complete = true;
  for (let at = 0; at < nodes.length; at += 1) {
    const { state, level } = nodes[at];
    const property = broken(state);
    if (property) return { nodes, moves, complete: false, violation: { property, at } };
    if (level >= depth || nodes.length >= limit) {
      complete = false;
      continue;
    }
    const next = actions(state).map(({ next: state_, honest: fair }, move) => {
      const name = nameOf(state_);
      if (!seen.has(name)) {
        seen.set(name, nodes.length);
        nodes.push({ state: state_, parent: at, move, level: level + 1 });
      }
      return { to: seen.get(name), fair };
    });
    moves += next.length;
    honest?.push(Int32Array.from(next.filter(({ fair }) => fair).map(({ to }) => to)));
  }
  return { nodes, moves, complete, honest };
}

/** The moves that led to a node, in plain words. */
export function trace(nodes, at, actions) {
  const words = [];
  for (let node = nodes[at]; node.parent >= 0; node = nodes[node.parent])
    words.unshift(actions(nodes[node.parent].state)[node.move].say());
  return words;
}

function backwards(honest) {
  const count = new Int32Array(honest.length + 1);
  honest.forEach((targets) =>
    targets.forEach((to) => {
      count[to + 1] += 1;
    }),
  );
  for (let i = 1; i < count.length; i += 1) count[i] += count[i - 1];
  const from = new Int32Array(count.at(-1));
  const place = count.slice();
  honest.forEach((targets, at) =>
    targets.forEach((to) => {
      from[place[to]] = at;
      place[to] += 1;
    }),
  );
  return (to) => from.subarray(count[to], count[to + 1]);
}

/** The first state from which honest moves reach no goal, or -1. Needs a complete search with `follow`. */
export function firstStuck({ nodes, honest }, isGoal) {
  const comeFrom = backwards(honest);
  const good = new Uint8Array(nodes.length);
  const queue = nodes.flatMap(({ state }, at) => (isGoal(state) ? [at] : []));
  queue.forEach((at) => {
    good[at] = 1;
  });
  for (let i = 0; i < queue.length; i += 1) {
    for (const before of comeFrom(queue[i]))
      if (!good[before]) {
        good[before] = 1;
        queue.push(before);
      }
  }
  return good.indexOf(0);
}
