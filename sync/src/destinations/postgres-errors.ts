import { quoteName } from "../sql.js";
import type { Server } from "./postgres-url.js";

/** Where a statement failed. */
export interface StatementPlace {
  readonly schema: string;
  readonly server: Server;
}

/** How to fix an error, by its SQLSTATE or the code of the system. The message must match, if it matters. */
interface Advice {
  readonly code: string;
  readonly message?: RegExp;
  readonly fix: (names: {
    readonly schema: string;
    readonly user: string;
    readonly database: string;
  }) => string;
}

const advices: readonly Advice[] = [
  {
    code: "42501",
    message: /permission denied for schema/,
    fix: ({ schema, user }) =>
      `an administrator can run \`grant usage, create on schema ${schema} to ${user}\``,
  },
  {
    code: "42501",
    message: /temporary tables/,
    fix: ({ database, user }) =>
      `merges need them, and an administrator can run \`grant temporary on database ${database} to ${user}\``,
  },
  {
    code: "42501",
    message: /must be owner/,
    fix: ({ user }) =>
      `only its owner can add the columns that it lacks: add them, or make ${user} a member of the owner's role`,
  },
  {
    code: "42501",
    message: /permission denied for (table|relation)/,
    fix: ({ user }) => `its owner can run \`grant select, insert, update, delete\` on it to ${user}`,
  },
  {
    code: "25006",
    fix: () => "connect to the primary server, and set `default_transaction_read_only` of the role to `off`",
  },
  {
    code: "57014",
    message: /statement timeout/,
    fix: () =>
      "raise `statement_timeout` of the role, or add `?options=-c%20statement_timeout%3D0` to the URL",
  },
  {
    code: "55P03",
    fix: () =>
      "another session holds a lock on a table: end that session, which `pg_stat_activity` shows, or wait until it ends",
  },
  {
    code: "ECONNRESET",
    message: /before secure TLS/,
    fix: () => "it may not offer TLS, and `sslmode=prefer` also connects without",
  },
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT"].map(
    (code) => ({
      code,
      fix: () => "name the file of its root certificate with `sslrootcert=FILE` in the URL",
    }),
  ),
  { code: "42704", message: /configuration parameter/, fix: () => "remove it from the URL" },
  {
    code: "0A000",
    message: /row-level security/,
    fix: ({ user }) => `use "merge" or "replace", or run \`alter role ${user} bypassrls\``,
  },
  ...[
    { code: "54000", message: /row is too big/ },
    { code: "54011", message: /columns/ },
  ].map((limit) => ({
    ...limit,
    fix: () =>
      'the records have too many fields for a table of PostgreSQL: keep lists and objects as JSON with `nested: "json"`, or remove fields in "processing_steps"',
  })),
  {
    code: "428C9",
    fix: () => "the records have values for it: make it a column without `generated always`",
  },
];

/** Adds the fix to the message of an error, if it is known. */
export function addFix(error: unknown, { schema, server }: StatementPlace): void {
  if (!(error instanceof Error)) return;
  const { code } = error as { readonly code?: string };
  const found = advices.find((each) => each.code === code && (each.message?.test(error.message) ?? true));
  if (!found) return;
  const names = { schema, user: server.user, database: server.database };
  const quoted = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, quoteName(name)]));
  error.message += `: ${found.fix(quoted as typeof names)}`;
}
