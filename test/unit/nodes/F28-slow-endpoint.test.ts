/** F28: of three endpoints one takes a question and lets it lie; the others answer, over real connections. */
import { afterEach, expect, test } from "vitest";
import { parseBlock } from "../../../src/chains/bitcoin/block.ts";
import { bitcoindNode } from "../../../src/nodes/bitcoind/node.ts";
import { openRpc, type Rpc } from "../../../src/nodes/bitcoind/rpc.ts";
import { graceOf } from "../../../src/nodes/gather.ts";
import { nodeQuorum } from "../../../src/nodes/quorum.ts";
import { ONLY_BLOCK, startEndpoint, type TestEndpoint } from "../../factory/endpoint.ts";

const servers: TestEndpoint[] = [];
const clients: Rpc[] = [];

afterEach(async () => {
  for (const rpc of clients.splice(0)) rpc.close();
  for (const server of servers.splice(0)) await server.close();
});

async function endpoint(name: string) {
  const server = await startEndpoint();
  servers.push(server);
  const rpc = openRpc({ ...server, random: () => 0, pauseMs: 1 });
  clients.push(rpc);
  return { server, name, node: bitcoindNode({ rpc, network: "regtest" }) };
}

test("the tip and its block come while one sleeps, though no connection breaks off; what it says late is heard", async () => {
  const [slow, one, two] = [await endpoint("slow"), await endpoint("one"), await endpoint("two")];
  const nodes = nodeQuorum([slow, one, two], {
    quorum: 2,
    setting: "bitcoind-url",
    meet: () => undefined,
    observe: () => undefined,
    pause: graceOf(20),
  });
  const standing = async () => (await nodes.survey()).nodes[0]?.standing;
  expect(await standing()).toBe("ok");
  slow.server.sleeps = true;
  const { hash, bytes } = ONLY_BLOCK;
  expect(await nodes.tip()).toMatchObject({ height: 7, hash });
  expect(await standing()).toBe("failing");
  expect(await nodes.block(7)).toEqual(parseBlock(bytes, { hash, height: 7 }, "regtest"));
  const { asked } = slow.server;
  expect(await standing()).toBe("failing");
  expect(slow.server.asked).toBe(asked);
  // A pass that ends closes what is idle, and not what is still owed an answer.
  for (const rpc of clients) rpc.close();
  slow.server.wake();
  await expect.poll(standing, { timeout: 10_000 }).toBe("ok");
});
