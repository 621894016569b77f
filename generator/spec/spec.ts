import type { JsonValue } from "@connector-gen/runtime";
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
  /** The name in types and documentation: `GitHub`. Absent: made from `name`. */
  readonly typeName?: string;
  readonly description?: string;
  readonly docsUrl?: string;
  /** Base name of the file; `<stdin>` for standard input. */
  readonly file: string;
  /** SHA-256 of the spec's values as canonical JSON (sorted keys; layout and comments do not count), 16 hex digits. */
  readonly hash: string;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: KindUse;
  readonly rateLimit?: SpecRateLimit;
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
  readonly encode?: SpecEncoding;
  /** Absent: no body. A paginator that writes into the body brings an empty JSON object along. */
  readonly body?: SpecBody;
  /** Absent: JSON. */
  readonly decode?: SpecDecoder;
  /** In order. */
  readonly actions: readonly SpecAction[];
  /** Input parameters, in order. */
  readonly inputs: readonly SpecInput[];
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: found in the first response of each read. */
  readonly select?: SpecSelector;
  /** `false`: a selector that finds nothing means an empty page. */
  readonly selectRequired: boolean;
  readonly paginator: KindUse;
  /** What becomes of the records, in order; `include_from_parent` is the first. */
  readonly shape: readonly SpecShaper[];
  /** How the read is split and made incremental; partitions first, then the parent, then incremental. */
  readonly plan: readonly SpecPart[];
  readonly rateLimit?: SpecRateLimit;
  /** Absent: the client's. `null`: none. */
  readonly auth?: KindUse | null;
  readonly retry?: SpecRetry;
  readonly timeoutMs?: number;
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly writeDisposition: "append" | "replace" | "merge" | "skip";
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
  readonly in: "path" | "query" | "header" | "body";
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** A parameter that stands for a field of a parent's record. The field determines its type. */
export interface SpecParentInput {
  readonly name: string;
  readonly in: "parent";
  readonly required: false;
}

/** `array_format` and `object_format`. */
export interface SpecEncoding {
  readonly arrays?: "repeat" | "comma" | "brackets" | "indices";
  readonly objects?: "json" | "deep" | "brackets";
}

/** A request body; texts are templates (with `"raw": true` their braces are doubled already). */
export type SpecBody =
  | { readonly type: "json"; readonly template: JsonValue }
  /** An object, or pairs. */
  | { readonly type: "form"; readonly template: JsonValue }
  | { readonly type: "raw"; readonly template: string };

/** `decoder`. */
export type SpecDecoder =
  | { readonly type: "jsonl" }
  | {
      readonly type: "csv";
      readonly delimiter?: string;
      /** Names of the columns where the first line is not a header. */
      readonly columns?: readonly string[];
    };

/** One entry of `response_actions`: all conditions that are given must hold. */
export interface SpecAction {
  readonly action: "ignore" | "retry" | "fail";
  /** `404`, `"4xx"`, `"500-599"`. */
  readonly status?: number | string;
  /** A part of the body's text. */
  readonly content?: string;
  /** With `equals`. */
  readonly path?: SpecSelector;
  readonly equals?: JsonValue;
  /** What the error says, for `fail` and `retry`. */
  readonly message?: string;
}

/** A step that changes the records of a page. */
export type SpecShaper =
  /** `include_from_parent`: a field and the placeholder whose value it takes (`resources.users.id`). */
  | { readonly type: "include"; readonly fields: Readonly<Record<string, string>> }
  /** A typed function of the factory's options: `hooks.<resource>.filter` or `.map`. */
  | { readonly type: "hook"; readonly hook: "filter" | "map" }
  | { readonly type: "where"; readonly conditions: readonly SpecCondition[] }
  | { readonly type: "rename"; readonly fields: Readonly<Record<string, string>> }
  | { readonly type: "remove"; readonly fields: readonly string[] }
  /** Constants and templates (`{resources.users.id}`, `{partitions.region}`). */
  | { readonly type: "add"; readonly fields: Readonly<Record<string, JsonValue>> }
  | { readonly type: "flatten"; readonly separator?: string; readonly depth?: number };

/** `{ "field": "status", "in": ["a", "b"] }`; all conditions must hold. */
export interface SpecCondition {
  /** Within the record. */
  readonly path: SpecSelector;
  readonly operator: "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "in" | "exists";
  readonly value: JsonValue;
}

/** A part of a resource's plan. */
export type SpecPart =
  | {
      readonly type: "partitions";
      /** Values by name, or `{config.regions}` for a list that the factory takes. */
      readonly partitions: Readonly<Record<string, readonly JsonValue[] | string>>;
    }
  | {
      readonly type: "parents";
      /** The parent's name in the spec. */
      readonly parent: string;
      /** Placeholders and where their values are in the parent's record: `resources.users.id` → `["id"]`. */
      readonly values: Readonly<Record<string, SpecSelector>>;
      /** Parameters of the method and the placeholder each stands in for: `user_id` → `resources.users.id`. */
      readonly params: Readonly<Record<string, string>>;
      readonly batch?: { readonly size: number; readonly join: string };
    }
  | SpecIncremental;

/** `incremental` of an endpoint. */
export interface SpecIncremental {
  readonly type: "incremental";
  /** Within the record. */
  readonly cursor: SpecSelector;
  /** Texts are templates. */
  readonly initial?: JsonValue;
  readonly end?: JsonValue;
  readonly lastValue: "max" | "min";
  /** A number (days for dates, seconds for times, units for numbers) or an ISO 8601 duration. */
  readonly lag?: number | string;
  readonly onMissing: "raise" | "include" | "exclude";
  readonly rowOrder?: "asc" | "desc";
  readonly rangeStart: "closed" | "open";
  readonly rangeEnd: "open" | "closed";
  /** The key of rows at the boundary; empty: none are left out. Absent: the resource's, else the whole row. */
  readonly key?: readonly string[];
  /** How values are written into requests: `iso`, `date`, `epoch`, `epoch_ms`, or a strftime format. */
  readonly format?: string;
  /** An ISO 8601 duration: requests ask for slices of this length. */
  readonly window?: string;
  /** Whether the request names the range; if not, rows are only filtered here. */
  readonly serverFilter: boolean;
}

/** `rate_limit`. */
export interface SpecRateLimit {
  readonly requests?: number;
  readonly perMs?: number;
  /** Attempts in flight. */
  readonly concurrency?: number;
}

/** A selector of the spec, parsed: the segments that the runtime's `query` takes. */
export interface SpecSelector {
  readonly selector: readonly QuerySegment[];
}

/** A paginator or auth scheme with its options, in the kind's camelCase names; only those that were given. */
export interface KindUse {
  readonly kind: Kind;
  readonly options: Readonly<Record<string, JsonValue | SpecSelector>>;
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
