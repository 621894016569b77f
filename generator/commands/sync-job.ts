import type { ClientOptions } from "@connector-gen/runtime";
import type { SyncOptions } from "@connector-gen/sync";
import type { SourceIr } from "../ir/source-ir.js";
import { configOptions, type SessionFlags } from "./spec-session.js";
import type { SyncPackage } from "./sync-package.js";

/** The flags of `sync`. */
export interface SyncFlags extends Pick<SessionFlags, "config" | "envFile" | "literalSecrets"> {
  readonly to?: string;
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  readonly baseUrl?: string;
  readonly fullRefresh?: boolean;
  /** First value of the cursors. */
  readonly since?: string;
  readonly dryRun?: boolean;
  readonly limit?: number;
  readonly concurrency?: number;
  readonly naming?: "default" | "dlt";
  readonly nested?: "tables" | "json";
  readonly schema?: string;
  readonly events?: string;
}

/** A sync that the flags describe. */
export interface SyncJob {
  readonly source: SourceIr;
  /** URL of the destination. */
  readonly to: string;
  readonly flags: SyncFlags;
  readonly syncPackage: SyncPackage;
}

/** Converts the flags to options of the sync. */
export function toSyncOptions({ to, flags }: Pick<SyncJob, "to" | "flags">): SyncOptions {
  const { select, exclude, fullRefresh, since, limit, concurrency, naming, nested, schema } = flags;
  const restart = since === undefined ? undefined : true;
  return { to, select, exclude, fullRefresh, restart, limit, concurrency, naming, nested, schema };
}

/** Returns the options of the client. */
export function toClientOptions(source: SourceIr, { config = [], baseUrl }: SyncFlags): ClientOptions {
  return { ...configOptions(source, config), ...(baseUrl !== undefined && { baseUrl }) };
}
