/** An alert as channels get it, and a receiver of their messages on this machine. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { addSeconds } from "../../src/core/instant.ts";
import type { Alert } from "../../src/store/alerts.ts";
import type { Message } from "../../watcher/notify/port.ts";
import { at, fixtureId } from "./identities.ts";

export function anAlert(changes: Partial<Alert> = {}): Alert {
  return {
    id: fixtureId("alert"),
    kind: "pending",
    subject: "plan-1",
    severity: "warning",
    text: "transaction aa of plan-1 is in no block <since> & on",
    next: "custody withdraw bump plan-1",
    firstSeen: at("09:00:00"),
    lastSeen: at("09:00:00"),
    cleared: undefined,
    ...changes,
  };
}

export function aMessage(changes: Partial<Message> = {}): Message {
  return {
    id: fixtureId("message"),
    event: "firing",
    network: "regtest",
    alert: anAlert(changes.event === "cleared" ? { cleared: addSeconds(at("09:00:00"), 60) } : {}),
    ...changes,
  };
}

export type Received = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

export type Receiver = {
  readonly url: string;
  readonly received: Received[];
  /** What the next requests are answered with; 200 when there is none. `hang` answers nothing. */
  readonly answers: (number | "hang")[];
  close(): void;
};

export async function aReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: (number | "hang")[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      received.push({ path: request.url ?? "", headers: request.headers, body });
      const answer = answers.shift() ?? 200;
      if (answer === "hang") return;
      response.writeHead(answer, answer === 302 ? { location: "/elsewhere" } : {}).end("thanks");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answers,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
