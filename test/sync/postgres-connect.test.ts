import { createServer, type AddressInfo, type Socket } from "node:net";
import { isSyncError, readState, resetState, sync } from "@connector-gen/sync";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { postgres } from "../../sync/src/destinations/postgres.js";
import { parsePostgresUrl, type Host } from "../../sync/src/destinations/postgres-url.js";
import { createClient } from "./support/client.js";
import { noPostgres } from "./support/postgres-server.js";
import { usePostgres } from "./support/postgres.js";
import { createDatabase } from "./support/targets.js";

const variables = {
  PGHOST: "env.example",
  PGPORT: "6000",
  PGUSER: "env",
  PGPASSWORD: "from-env",
  PGDATABASE: "envdb",
  PGSSLMODE: "disable",
  PGOPTIONS: "-c a=b",
  PGCONNECT_TIMEOUT: "7",
};

function clearVariables(): void {
  for (const name of Object.keys(variables)) vi.stubEnv(name, undefined);
}

describe("the URL of PostgreSQL", () => {
  const place = (host: string, port = 5432): Host => ({ host, port });
  const socket = (folder: string, port: number): Host => ({
    ...place(folder, port),
    path: `${folder}/.s.PGSQL.${port}`,
  });
  it.each([
    { url: "postgres://u:p@h/d", want: { hosts: [place("h")], user: "u", password: "p", database: "d" } },
    { url: "postgres://u@h:1", want: { hosts: [place("h", 1)], password: undefined, database: "u" } },
    { url: "postgresql://u:p%40%2F%25@h/d%20e", want: { password: "p@/%", database: "d e" } },
    { url: "postgres://u:p@ss#1@h/d", want: { hosts: [place("h")], password: "p@ss#1" } },
    { url: "postgres://u@[::1]:1,[fe80::1]/d", want: { hosts: [place("::1", 1), place("fe80::1")] } },
    { url: "postgres://u@a:1,b/d?port=2", want: { hosts: [place("a", 1), place("b", 2)] } },
    { url: "postgres://u@/d?host=/run/pg&port=1", want: { hosts: [socket("/run/pg", 1)] } },
    { url: "postgres://u@%2Frun%2Fpg:1/d", want: { hosts: [socket("/run/pg", 1)] } },
    { url: "postgres://u@h/d?host=a,b&port=1,2", want: { hosts: [place("a", 1), place("b", 2)] } },
    {
      url: "postgres://h/d?user=u&password=p%26&dbname=e",
      want: { user: "u", password: "p&", database: "e" },
    },
    {
      url: "postgres://u@h/d?options=-c%20x%3D1&work_mem=1",
      want: { settings: { options: "-c x=1", work_mem: "1" } },
    },
    {
      url: "postgres://u@h/d?channel_binding=prefer&gssencmode=disable&keepalives=1&target_session_attrs=any",
      want: { settings: {} },
    },
    { url: "postgres://u@h/d?connect_timeout=3", want: { connectTimeoutS: 3 } },
  ])("is read as by psql: $url", ({ url, want }) => {
    clearVariables();
    expect(parsePostgresUrl(url)).toMatchObject(want);
  });

  it("takes missing parts from the environment variables of psql", () => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const all = parsePostgresUrl("postgres://");
    expect(all).toMatchObject({
      hosts: [{ host: "env.example", port: 6000 }],
      ...{ user: "env", password: "from-env", database: "envdb", connectTimeoutS: 7 },
      settings: { options: "-c a=b" },
    });
    expect(all.tls({ host: "h", port: 1 })).toBe(false);
    expect(parsePostgresUrl("postgres://u:p@h:1/d?sslmode=prefer&options=x")).toMatchObject({
      hosts: [{ host: "h", port: 1 }],
      ...{ user: "u", password: "p", database: "d", settings: { options: "x" } },
    });
  });

  it.each([
    "postgres://u:s3cret@h:port/d",
    "postgres://u:s3cret@h:99999/d",
    "postgres://u:s3cret%@h/d",
    "postgres://u:s3/cret@h/d",
    "postgres://u:s3cret@h/d?sslmode=maybe",
  ])("is an error that does not contain the password: %s", (url) => {
    const error: unknown = (() => {
      try {
        return parsePostgresUrl(url);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isSyncError(error) && error.code).toBe("INVALID_OPTIONS");
    expect(String(error)).toMatch(/: (check|use) /);
    expect(String(error)).not.toMatch(/s3|cret/);
  });

  it.each([
    { parameters: "", want: "prefer" },
    { parameters: "?sslmode=disable", want: false },
    { parameters: "?sslmode=allow", want: "prefer" },
    { parameters: "?sslmode=require", want: { host: "h", rejectUnauthorized: false } },
    { parameters: "?ssl=true", want: { host: "h", rejectUnauthorized: false } },
    { parameters: "?sslmode=verify-full", want: { host: "h" } },
    { parameters: "?sslmode=require&channel_binding=require", want: { host: "h" } },
    { parameters: "?sslmode=require&sslrootcert=system", want: { host: "h" } },
  ])("chooses TLS: $parameters", ({ parameters, want }) => {
    clearVariables();
    const { tls } = parsePostgresUrl(`postgres://u@h/d${parameters}`);
    expect(tls({ host: "h", port: 1 })).toEqual(want);
    expect(tls({ host: "/run", port: 1, path: "/run/x" })).toBe(false);
  });

  it("names the files of certificates", () => {
    const file = "?sslmode=verify-ca&sslrootcert=package.json&sslcert=package.json&sslkey=package.json";
    const options = parsePostgresUrl(`postgres://u@h/d${file}`).tls({ host: "h", port: 1 });
    expect(Object.keys(options)).toEqual(["host", "ca", "cert", "key", "checkServerIdentity"]);
    const { tls } = parsePostgresUrl("postgres://u@h/d?sslmode=verify-full&sslrootcert=/none.crt");
    expect(() => tls({ host: "h", port: 1 })).toThrow(
      "cannot read the file /none.crt, which `sslrootcert` names",
    );
  });
});

describe("a server that is none", () => {
  it.each([
    {
      what: "closes each connection",
      behave: (socket: Socket) => socket.end(),
      reason: "the server closed the connection",
    },
    {
      what: "never responds",
      behave: (socket: Socket) => socket.resume(),
      reason: "the server did not respond within 1 seconds",
    },
  ])("ends the attempts: $what", async ({ behave, reason }) => {
    const open = new Set<Socket>();
    const server = createServer((socket) => {
      open.add(socket.on("error", () => undefined));
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const url = `postgres://u:s3cret@127.0.0.1:${port}/d?connect_timeout=1`;
      await expect(postgres(url).connect({ holder: "test" })).rejects.toMatchObject({
        code: "UNREACHABLE",
        message: `cannot connect to postgres://u@127.0.0.1:${port}/d?connect_timeout=1: ${reason}`,
      });
      expect(open.size).toBeLessThan(10);
    } finally {
      open.forEach((socket) => socket.destroy());
      server.close();
    }
  });

  it("has hosts of which none responds", async () => {
    await expect(
      postgres("postgres://u@127.0.0.1:1,127.0.0.1:2/d").connect({ holder: "test" }),
    ).rejects.toMatchObject({
      code: "UNREACHABLE",
    });
  });
});

describe.skipIf(noPostgres)("a connection to PostgreSQL", () => {
  let url = "";
  beforeAll(async () => {
    url = await createDatabase();
  });

  const query = (...statements: readonly string[]): Promise<unknown> =>
    usePostgres(url, async (run) => {
      let rows: unknown;
      for (const statement of statements) rows = await run(statement);
      return rows;
    });
  const urlOf = (user: string, parameters = ""): string =>
    url.replace("//postgres@", `//${user}@`) + parameters;

  async function load(to: string, schema: string, write: object = {}): Promise<string> {
    const resources = [{ name: "items", ...write, endpoint: { path: "items", data_selector: "items" } }];
    const client = await createClient(resources, { "/items": { items: [{ id: 1, name: "one" }] } });
    try {
      return (await sync(client, { to, schema })).resources["items"]?.error?.message ?? "";
    } catch (error) {
      if (isSyncError(error)) return error.message;
      throw error;
    }
  }

  const merge = { write_disposition: "merge", primary_key: "id" };

  it("needs these privileges, and an error names the one that is missing", async () => {
    const user = `least_${process.pid}`;
    await query(`create role ${user} login`);
    const to = urlOf(user);
    const database = /\w+$/.exec(url)?.[0];
    await query(`revoke temporary on database ${database} from public`);
    try {
      expect(await load(to, "raw")).toBe(
        `cannot create the schema raw in ${to}: permission denied for database ${database}: an administrator can run \`create schema "raw" authorization "${user}"\``,
      );
      await query("create schema raw");
      const grant = `an administrator can run \`grant usage, create on schema "raw" to "${user}"\``;
      expect(await load(to, "raw")).toBe(`${to}: permission denied for schema raw: ${grant}`);
      await query(`grant usage, create on schema raw to ${user}`);
      expect(await load(to, "raw")).toBe("");
      expect(await load(to, "raw", merge)).toContain(
        `\`grant temporary on database "${database}" to "${user}"\``,
      );
      await query(`grant temporary on database ${database} to ${user}`);
      expect(await load(to, "raw", merge)).toBe("");
      await query("alter table raw.items owner to postgres", "alter table raw.items drop column name");
      expect(await load(to, "raw", merge)).toMatch(
        /^(permission denied for table|must be owner of table) items: /,
      );
    } finally {
      await query(
        `drop owned by ${user} cascade`,
        `drop role ${user}`,
        `grant temporary on database ${database} to public`,
      );
    }
  });

  it("says that a server or a role only accepts reads", async () => {
    const message = await load(
      urlOf("postgres", "?options=-c%20default_transaction_read_only%3Don"),
      "public",
    );
    expect(message).toMatch(/: it only accepts reads: connect to the primary server, [^:]+$/);
  });

  it("does not wait for the lock of another session without end", async () => {
    expect(await load(url, "locked", merge)).toBe("");
    const slow = `?options=-c%20lock_timeout%3D200`;
    await usePostgres(url, async (run) => {
      await run("begin");
      await run("lock table locked.items");
      try {
        expect(await load(urlOf("postgres", slow), "locked", merge)).toContain(
          "another session holds a lock on a table",
        );
      } finally {
        await run("rollback");
      }
    });
    const show = async (parameters: string): Promise<unknown> => {
      const connection = await postgres(urlOf("postgres", parameters)).connect({ holder: "test" });
      try {
        return (await connection.run("show lock_timeout")).rows;
      } finally {
        await connection.close();
      }
    };
    expect(await show("")).toEqual([{ lock_timeout: "5min" }]);
    expect(await show(slow)).toEqual([{ lock_timeout: "200ms" }]);
  });

  it("is not one that a pooler shares between transactions", async () => {
    const connection = await postgres(url).connect({ holder: "test" });
    try {
      await connection.recovery?.transactionId();
      await connection.run("select set_config('connector_gen.run', 'of another client', false)");
      await expect(connection.recovery?.transactionId()).rejects.toMatchObject({
        code: "INVALID_OPTIONS",
        message: `${url} is a pooler that changes the connection to the server between transactions: use the URL of the server itself, or a pool in session mode`,
      });
    } finally {
      await connection.close();
    }
  });

  it("rejects only the rows that the encoding of the database cannot hold", async () => {
    const name = `latin_${process.pid}`;
    await query(`create database ${name} encoding 'LATIN1' template template0 locale 'C'`);
    const to = url.replace(/\w+$/, name);
    try {
      for (const [schema, write] of Object.entries({
        append: {},
        merge,
        replace: { write_disposition: "replace" },
      })) {
        const resources = [{ name: "items", ...write, endpoint: { path: "items", data_selector: "items" } }];
        const items = [
          { id: 1, name: "é" },
          { id: 2, name: "日本 😀", lines: [{ sku: "日本" }] },
          { id: 3, name: "c", lines: [{ sku: "😀" }, { sku: "é" }] },
        ];
        const report = await sync(await createClient(resources, { "/items": { items } }), { to, schema });
        expect(report).toMatchObject({ status: "complete", rejected: 3 });
        await usePostgres(to, async (run) => {
          expect(await run(`select id, name from ${schema}.items order by id`)).toEqual([
            { id: "1", name: "é" },
            { id: "3", name: "c" },
          ]);
          expect(await run(`select sku from ${schema}.items__lines`)).toEqual([{ sku: "é" }]);
        });
        const { rejected } = await readState(to, { schema });
        const texts = rejected.map(
          ({ row }) => JSON.parse(row) as { readonly name?: string; readonly sku?: string },
        );
        expect(texts.map(({ name: text, sku }) => text ?? sku).sort()).toEqual(["日本", "日本 😀", "😀"]);
      }
    } finally {
      await query(`drop database ${name} with (force)`);
    }
  });

  it("creates no schema to remove a state that does not exist", async () => {
    expect(await resetState(url, "items", { schema: "none" })).toBe(false);
    expect(await query("select 1 from pg_namespace where nspname = 'none'")).toEqual([]);
  });
});
