import { Socket } from "node:net";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { postgres } from "../../sync/src/destinations/postgres.js";
import { noPostgres } from "./support/postgres-server.js";
import { createDatabase } from "./support/targets.js";

describe.skipIf(noPostgres)("the sockets of a connection to PostgreSQL", () => {
  let url = "";
  beforeAll(async () => {
    url = await createDatabase();
  });
  afterEach(() => vi.restoreAllMocks());

  async function portOf(url: string): Promise<unknown> {
    const connection = await postgres(url).connect({ holder: "test" });
    try {
      return (await connection.run("select inet_server_port() as port")).rows[0]?.["port"];
    } finally {
      await connection.close();
    }
  }

  it("send the end of a COPY without waiting for an acknowledgement", async () => {
    const port = Number(new URL(url).port);
    const undelayed: (number | undefined)[] = [];
    vi.spyOn(Socket.prototype, "setNoDelay").mockImplementation(function (this: Socket, isOn) {
      if (isOn) this.once("connect", () => undelayed.push(this.remotePort));
      return this;
    });
    expect(await portOf(url)).toBe(port);
    expect(undelayed).toEqual([port]);
  });

  it("try the hosts of the URL one after the other", async () => {
    const port = Number(new URL(url).port);
    const alive = `127.0.0.1:${port}`;
    // Nothing listens on the port 1.
    for (const hosts of [`127.0.0.1:1,${alive}`, `${alive},127.0.0.1:1`, `127.0.0.1:1,127.0.0.1:1,${alive}`])
      expect(await portOf(`postgres://postgres@${hosts}/postgres`), hosts).toBe(port);
  });
});
