import { isSyncError, sync, type SyncReport } from "@connector-gen/sync";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { contentOf, type Content } from "./kills/compare.js";
import { createShop } from "./kills/scenario.js";
import { noPostgres, startPostgres, type PostgresServer } from "./support/postgres-server.js";
import { usePostgres } from "./support/postgres.js";
import { startProxy, type Decide, type Proxy } from "./support/proxy.js";

/** The number of points of each kind that are tested. */
const points = Number(process.env["SYNC_CUTS"] ?? 2);

describe.skipIf(noPostgres)("a connection to PostgreSQL that is lost during a run", () => {
  let server: PostgresServer;
  let calm: Content;
  let proxy: Proxy | undefined;

  beforeAll(async () => {
    server = await startPostgres();
    await load({ to: server.url, schema: "calm" });
    calm = await contentOf({ to: server.url, schema: "calm" });
  });
  afterEach(() => proxy?.stop());
  afterAll(() => server.stop());

  interface Options {
    readonly to: string;
    readonly schema: string;
    readonly reconnectTimeoutMs?: number;
    readonly failpoint?: (name: string) => void | Promise<void>;
    readonly onEvent?: (event: { readonly type: string; readonly message?: string | undefined }) => void;
  }

  function load(options: Options): Promise<SyncReport> {
    return sync(createShop(1), { ...options, batchRows: 40, concurrency: 2 });
  }

  async function startCutting(decide: Decide): Promise<string> {
    const url = new URL(server.url);
    proxy = await startProxy(Number(url.port), decide);
    url.port = String(proxy.port);
    url.password = "canary-7c1d";
    return url.href;
  }

  async function expectCalm(schema: string, report: SyncReport): Promise<void> {
    expect(report, JSON.stringify(report.resources)).toMatchObject({ status: "complete", rejected: 0 });
    expect(await contentOf({ to: server.url, schema })).toEqual(calm);
  }

  const terminate = async (): Promise<void> => {
    await usePostgres(server.url, (query) =>
      query("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'process %'"),
    );
  };

  it("is connected again, and no row is lost or doubled: the server ends it at any failpoint", async () => {
    let total = 0;
    await load({
      to: server.url,
      schema: "count",
      failpoint: () => {
        total++;
      },
    });
    for (let at = 1; at <= total; at += Math.ceil(total / points)) {
      const schema = `terminated_${at}`;
      let passed = 0;
      const failpoint = async (): Promise<void> => {
        if (++passed === at) await terminate();
      };
      await expectCalm(schema, await load({ to: server.url, schema, failpoint }));
    }
  });

  it("is connected again after a reset at any byte, within COPY and elsewhere", async () => {
    const counted = await startCutting(() => "pass");
    await load({ to: counted, schema: "bytes" });
    const total = proxy?.sent() ?? 0;
    proxy?.stop();
    for (let number = 1; number <= points; number++) {
      const limit = Math.floor((total * (number - 0.5)) / points);
      let isCut = false;
      const to = await startCutting((piece, from, sent) => {
        if (isCut || from !== "client" || sent + piece.length < limit) return "pass";
        isCut = true;
        return number % 2 ? "cut" : "cut after";
      });
      const schema = `cut_${number}`;
      await expectCalm(schema, await load({ to, schema, reconnectTimeoutMs: 20_000 }));
      expect(isCut).toBe(true);
      proxy?.stop();
    }
  });

  it.each([
    { name: "the commit is lost", fate: "cut" },
    { name: "the response to the commit is lost", fate: "cut after" },
  ] as const)("is connected again if $name, for each commit of the run", async ({ fate }) => {
    let commits = 0;
    const isCommit = (piece: Buffer): boolean => piece.includes("commit\0");
    const counted = await startCutting((piece, from) => {
      if (from === "client" && isCommit(piece)) commits++;
      return "pass";
    });
    await load({ to: counted, schema: `commits_${fate.length}` });
    proxy?.stop();
    for (let at = 2; at <= commits; at += Math.ceil(commits / points)) {
      let seen = 0;
      let drops = false;
      const to = await startCutting((piece, from) => {
        // The server has executed the statement before it responds.
        if (from === "server" && drops) {
          drops = false;
          return "cut";
        }
        if (from !== "client" || !isCommit(piece) || ++seen !== at) return "pass";
        if (fate === "cut") return "cut";
        drops = true;
        return "pass";
      });
      const schema = `commit_${fate.length}_${at}`;
      await expectCalm(schema, await load({ to, schema }));
      proxy?.stop();
    }
  });

  it("is connected again after the server has started again, and the events say so", async () => {
    for (const point of ["batch.during_load", "merge.before_swap"]) {
      let isDone = false;
      const messages: string[] = [];
      const schema = `restart_${point.replace(".", "_")}`;
      const report = await load({
        to: server.url,
        schema,
        failpoint: (name) => {
          if (name !== point || isDone) return;
          isDone = true;
          server.restart();
        },
        onEvent: ({ type, message = "" }) => {
          if (type === "retry") messages.push(message);
        },
      });
      await expectCalm(schema, report);
      expect(messages[0]).toContain(`the connection to ${server.url} was lost: `);
    }
  });

  it("ends the run if the server stays away, with its name and without its password; the next run goes on", async () => {
    const schema = "away";
    const to = await startCutting(() => "pass");
    let passed = 0;
    const failpoint = async (): Promise<void> => {
      if (++passed !== 20) return;
      proxy?.refuse(true);
      await terminate();
    };
    const report = await load({ to, schema, failpoint, reconnectTimeoutMs: 1_000 });
    const errors = Object.values(report.resources).map(({ error }) => error);
    expect(report.status).toBe("failed");
    expect(errors[0]).toMatchObject({ code: "UNREACHABLE" });
    expect(errors[0]?.message).toContain("cannot connect to postgres://postgres@127.0.0.1:");
    expect(JSON.stringify(report)).not.toContain("canary-7c1d");
    proxy?.refuse(false);
    await expectCalm(schema, await load({ to, schema }));
  });

  it("ends the run if another run has continued it meanwhile", async () => {
    const schema = "taken";
    const to = await startCutting(() => "pass");
    let commits = 0;
    const failpoint = async (name: string): Promise<void> => {
      if (name !== "batch.after_commit" || ++commits !== 2) return;
      proxy?.refuse(true);
      await terminate();
      await expectCalm(schema, await load({ to: server.url, schema }));
      proxy?.refuse(false);
    };
    const report = await load({ to, schema, failpoint }).catch((error: unknown) => {
      if (!isSyncError(error)) throw error;
      return undefined;
    });
    const codes = Object.values(report?.resources ?? {}).map(({ error }) => error?.code);
    expect(codes).toContain("LOCKED");
    expect(await contentOf({ to: server.url, schema })).toEqual(calm);
  });
});
