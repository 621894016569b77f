import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** The action of a proxy for a piece of data: it forwards it, or cuts the connection before or after. */
export type Fate = "pass" | "cut" | "cut after";

/** Chooses the action for each piece. `sent` is the number of bytes that clients have sent before. */
export type Decide = (piece: Buffer, from: "client" | "server", sent: number) => Fate;

/** A server on loopback that forwards bytes to another port, and cuts connections. */
export interface Proxy {
  readonly port: number;
  /** Bytes that clients have sent so far. */
  readonly sent: () => number;
  /** Refuses new connections until it is called with `false`. */
  readonly refuse: (isRefusing: boolean) => void;
  readonly stop: () => void;
}

/** Starts a proxy. A cut resets both sides. */
export async function startProxy(port: number, decide: Decide): Promise<Proxy> {
  let sent = 0;
  let isRefusing = false;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    if (isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(port, "127.0.0.1");
    const cut = (): void => {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    const link = (from: Socket, to: Socket, name: "client" | "server"): void => {
      open.add(from);
      from.on("data", (piece: Buffer) => {
        const fate = decide(piece, name, sent);
        if (name === "client") sent += piece.length;
        if (fate === "pass") to.write(piece);
        else if (fate === "cut") cut();
        else to.write(piece, cut);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
    };
    link(client, upstream, "client");
    link(upstream, client, "server");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sent: () => sent,
    refuse: (value) => {
      isRefusing = value;
    },
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
