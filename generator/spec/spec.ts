import type { JsonValue } from "@connector-gen/runtime";
import type { ParamLocation, ResourceShape } from "@connector-gen/runtime/plugin";
import type { Kind, QuerySegment } from "@connector-gen/runtime/kinds";

/**
 * A checked and normalised spec: `resource_defaults` are merged in, shorthands expanded, static path parameters put
 * into the path, selectors parsed, times in milliseconds, options in camelCase, secrets that were left out named.
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
  readonly rateLimit?: KindUse;
  readonly retry?: SpecRetry;
  readonly timeoutMs?: number;
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

/** How records are loaded into a table that has some. */
export type WriteDisposition = NonNullable<ResourceShape["writeDisposition"]>;

export interface SpecResource {
  readonly name: string;
  readonly description?: string;
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  /**
   * Static query parameters: those of `params` that are neither inputs nor used up by the path; `null`s kept. Texts are
   * templates. The parameters of `start_param` and `end_param` are among them: `{incremental.start_value}`.
   */
  readonly query: Readonly<Record<string, JsonValue>>;
  /** How lists and objects are written in the query; absent: lists repeated, objects as JSON. */
  readonly encode?: KindUse;
  /** Absent: no body. A paginator that writes into the body brings an empty JSON object along. */
  readonly body?: KindUse;
  /** Absent: JSON. */
  readonly decode?: KindUse;
  readonly actions?: KindUse;
  /** Input parameters, in order. */
  readonly inputs: readonly SpecInput[];
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: found in the first response of each read. */
  readonly select?: SpecSelector;
  /** `false`: a selector that finds nothing means an empty page. */
  readonly selectRequired: boolean;
  readonly paginator: KindUse;
  /** What becomes of the records, in order; `include_from_parent` is the first. */
  readonly shape: readonly KindUse[];
  /** How the read is split and made incremental; partitions first, then the parent, then incremental. */
  readonly plan: readonly KindUse[];
  readonly rateLimit?: KindUse;
  /** Absent: the client's. `null`: none. */
  readonly auth?: KindUse | null;
  readonly retry?: SpecRetry;
  readonly timeoutMs?: number;
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly writeDisposition: WriteDisposition;
  readonly selected: boolean;
  /** With dlt's `columns` merged in; absent when the spec has neither. */
  readonly schema?: JsonSchema;
  readonly recordType?: string;
  readonly methodName?: string;
}

/** A parameter of the generated method. */
export type SpecInput = SpecValueInput | SpecParentInput;

/** `{"type": "input"}`. */
export interface SpecValueInput {
  readonly name: string;
  readonly in: Exclude<ParamLocation, "parent">;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** A parameter that stands for a field of a parent's record. The field determines its type. */
export interface SpecParentInput {
  readonly name: string;
  readonly in: "parent";
  readonly required: false;
}

/** A selector of the spec, parsed: the segments that the runtime's `query` takes. */
export interface SpecSelector {
  readonly selector: readonly QuerySegment[];
}

/** The value of an option: JSON in which selectors are parsed. The option's type says where they are. */
export type SpecValue =
  JsonValue | SpecSelector | readonly SpecValue[] | { readonly [name: string]: SpecValue };

/** A kind with its options, in the kind's camelCase names; only those that were given. */
export interface KindUse {
  readonly kind: Kind;
  readonly options: Readonly<Record<string, SpecValue>>;
  /** Kinds that this one is made of, by name; the one that counts when nothing is chosen comes first. */
  readonly uses?: Readonly<Record<string, KindUse>>;
}

export interface SpecRetry {
  readonly maxRetries?: number;
  readonly backoffMs?: number;
  readonly maxDelayMs?: number;
  readonly statuses?: readonly (number | string)[];
  readonly maxWaitMs?: number;
}

/** A JSON Schema 2020-12 (or OpenAPI 3.0) object, or `true`/`false`. */
export type JsonSchema = boolean | { readonly [keyword: string]: JsonValue };
