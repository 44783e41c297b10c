/** What the network does, and what time does. */
import { FAULTS, LIES, type Fault, type Lie } from "../families/node.ts";
import type { World } from "../world/world.ts";

export async function watch(world: World): Promise<void> {
  await world.call("once", "custody-watcher");
}

export async function mine(world: World): Promise<void> {
  const { chain, random } = world;
  const blocks = random.chance(70) ? 1 : 1 + random.below(4);
  for (let block = 0; block < blocks; block++) {
    const ids = chain.pending().filter(() => random.chance(80));
    chain.mine(world.now, ids);
    world.say(
      `block ${chain.height} holds ${ids.length === 0 ? "nothing of ours" : ids.map(short).join(", ")}`,
    );
  }
}

/** Blocks leave the best chain; what they held may be forgotten, or another attempt take its place. */
export async function reorganise(world: World): Promise<void> {
  const { chain, random } = world;
  const depth = 1 + random.below(world.depthMax);
  if (depth > world.reorganisable()) return;
  const rivals = chain.rivals();
  const instead = random.chance(40) && rivals.length > 0 ? random.some(rivals) : [];
  chain.reorganise(depth, world.now, instead, random.chance(30));
  world.count("reorganisations");
  world.say(
    `the last ${depth} blocks are reorganised away; instead ${instead.map(short).join(", ") || "nothing"}`,
  );
}

export async function evict(world: World): Promise<void> {
  const pending = world.chain.pending();
  if (pending.length === 0) return;
  const id = world.random.of(pending);
  world.chain.evict(id);
  world.say(`the network forgets ${short(id)}`);
}

/** Whoever holds signed bytes sends them: nothing binds them to the order in which we want them sent. */
export async function strangerSends(world: World): Promise<void> {
  world.keep();
  if (world.known.size === 0) return;
  const [txid, bytes] = world.random.of([...world.known]);
  const trouble = world.chain.offer(new Uint8Array(bytes));
  world.say(`a stranger sends ${short(txid)} → ${trouble ?? "taken"}`);
}

export async function breakNode(world: World): Promise<void> {
  const { nodes, random } = world;
  const place = random.below(nodes.length);
  // What money is concluded from is said by two of three: no two lie at once.
  const alone = nodes.every((node, other) => other === place || !isLie(node.fault));
  const kinds = alone && random.chance(40) ? LIES : FAULTS;
  const fault = random.chance(50) ? "none" : random.of<Fault | Lie>(kinds);
  nodes[place]?.become(fault);
  world.say(`node ${place + 1} ${fault === "none" ? "is sound" : fault}`);
}

const isLie = (fault: Fault | Lie) => LIES.some((lie) => lie === fault);

export async function changeFees(world: World): Promise<void> {
  const rate = world.random.of([1000n, 3000n, 5000n, 15_000n, 40_000n]);
  world.family.askFees(world.chain, world.nodes, rate);
  world.say(`fees are ${rate / 1000n}`);
}

/** Time passes; now and then so much of it that approvals and sessions lapse. */
export async function wait(world: World): Promise<void> {
  const { random } = world;
  const seconds = random.of([60, 300, 900, 900, 3600, 5 * 3600]);
  world.pass(seconds);
  world.say(`${seconds} seconds pass`);
}

/** The online host's clock goes wrong, or is set right. */
export async function setClock(world: World): Promise<void> {
  world.hostSkew = world.random.of([0, 0, 0, -120, 200, -7200, 86_400]);
  world.say(`the host's clock is ${world.hostSkew} seconds ahead`);
}

/** A signer's clock goes wrong, or is set right. */
export async function setSignerClock(world: World): Promise<void> {
  const { random, signerSkew } = world;
  const signer = random.below(signerSkew.length);
  signerSkew[signer] = random.of([0, 0, -60, 120, -3600, 7200, 86_400]);
  world.say(`the clock of signer ${signer + 1} is ${signerSkew[signer]} seconds ahead`);
}

const short = (id: string) => id.slice(0, 8);
