import type { JsonValue, Kind } from "@connector-gen/runtime";

/**
 * A checked and normalised spec: `resource_defaults` are merged in, shorthands expanded, static path parameters put
 * into the path, selectors rewritten as RFC 9535 queries, options in camelCase, secrets that were left out named.
 *
 * What the parser lets through cannot fail later: `ir/build.ts` only chooses names and types.
 */
export interface Spec {
  /** From the spec, else the file's base name without `.connector`, `.json`, `.yaml`. */
  readonly name: string;
  readonly description?: string;
  readonly docsUrl?: string;
  /** Base name of the file; `<stdin>` for standard input. */
  readonly file: string;
  /** SHA-256 of the spec's values as canonical JSON (sorted keys; layout and comments do not count), 16 hex digits. */
  readonly hash: string;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: KindUse;
  readonly retry?: SpecRetry;
  /** Seconds. */
  readonly timeout?: number;
  /** Names of all `{secrets.x}`, in order of first appearance. */
  readonly secrets: readonly string[];
  /** Names of all `{config.x}`, in order of first appearance. */
  readonly config: readonly string[];
  readonly resources: readonly SpecResource[];
  /**
   * JSON Schemas by name, `$defs` of all schemas among them. Every `$ref` reads `#/schemas/<name>`, with a name from
   * here as it is, unescaped.
   */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

export interface SpecResource {
  readonly name: string;
  readonly description?: string;
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  /** Static query parameters: those of `params` that are neither inputs nor used up by the path; `null`s kept. */
  readonly query: Readonly<Record<string, JsonValue>>;
  /** Input parameters, in order. */
  readonly inputs: readonly SpecInput[];
  readonly headers: Readonly<Record<string, string>>;
  /** RFC 9535, normalised. */
  readonly select: string;
  readonly paginator: KindUse;
  /** Absent: the client's. `null`: none. */
  readonly auth?: KindUse | null;
  readonly retry?: SpecRetry;
  readonly timeout?: number;
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly writeDisposition: "append" | "replace" | "merge" | "skip";
  readonly selected: boolean;
  /** With dlt's `columns` merged in; absent when the spec has neither. */
  readonly schema?: JsonSchema;
  readonly recordType?: string;
  readonly methodName?: string;
}

/** `{"type": "input"}`: a parameter of the generated method. */
export interface SpecInput {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** A paginator or auth scheme with its options, in the kind's camelCase names; only those that were given. */
export interface KindUse {
  readonly kind: Kind;
  readonly options: Readonly<Record<string, JsonValue>>;
}

export interface SpecRetry {
  readonly maxRetries?: number;
  readonly backoffFactor?: number;
  readonly maxDelay?: number;
  readonly statuses?: readonly (number | string)[];
  readonly maxWait?: number;
}

/** A JSON Schema 2020-12 (or OpenAPI 3.0) object, or `true`/`false`. */
export type JsonSchema = boolean | { readonly [keyword: string]: JsonValue };
