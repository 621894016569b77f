import type { JsonValue } from "@connector-gen/runtime";
import type { Kind, QuerySegment } from "@connector-gen/runtime/kinds";

/**
 * A checked and normalised spec: `resource_defaults` are merged, shorthands expanded, static path parameters inserted
 * into the path, selectors parsed, times converted to milliseconds, options renamed to camelCase, and omitted secrets
 * added.
 *
 * A spec that the parser accepts cannot fail later: `ir/build.ts` only chooses names and types.
 */
export interface Spec {
  /** `name` of the spec. Default: the base name of the file without `.connector`, `.json`, `.yaml`. */
  readonly name: string;
  /** The name in types and documentation: `GitHub`. Absent: made from `name`. */
  readonly typeName?: string;
  readonly description?: string;
  readonly docsUrl?: string;
  /** Base name of the file; `<stdin>` for standard input. */
  readonly file: string;
  /** The first 16 hex digits of SHA-256 over the spec as canonical JSON; layout and comments do not count. */
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
   * Static query parameters: those of `params` that are neither inputs nor part of the path, including `null`s. Strings
   * are templates. Includes the parameters of `start_param` and `end_param`: `{incremental.start_value}`.
   */
  readonly query: Readonly<Record<string, JsonValue>>;
  /** How the query encodes lists and objects. Default: repeated parameters, and JSON. */
  readonly encode?: SpecEncoding;
  /** Default: no body, or an empty JSON object if the paginator writes into the body. */
  readonly body?: SpecBody;
  /** Default: JSON. */
  readonly decode?: SpecDecoder;
  /** In order. */
  readonly actions: readonly SpecAction[];
  /** Input parameters, in order. */
  readonly inputs: readonly SpecInput[];
  readonly headers: Readonly<Record<string, string>>;
  /** Default: detected in the first response of each read. */
  readonly select?: SpecSelector;
  /** Whether a selector without a match is an error. `false`: it means an empty page. */
  readonly selectRequired: boolean;
  readonly paginator: KindUse;
  /** Transformations of the records, in order; `include_from_parent` comes first. */
  readonly shape: readonly SpecShaper[];
  /** How a read is split: partitions first, then the parent, then incremental ranges. */
  readonly plan: readonly SpecPart[];
  readonly rateLimit?: SpecRateLimit;
  /** Default: that of the client. `null`: no credentials. */
  readonly auth?: KindUse | null;
  readonly retry?: SpecRetry;
  readonly timeoutMs?: number;
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly writeDisposition: "append" | "replace" | "merge" | "skip";
  readonly selected: boolean;
  /** Includes dlt's `columns`; absent if the spec has neither. */
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

/** A request body. Strings are templates; with `"raw": true` their braces are already escaped. */
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
      /** Column names, for files without a header line. */
      readonly columns?: readonly string[];
    };

/** One entry of `response_actions`. All its conditions must hold. */
export interface SpecAction {
  readonly action: "ignore" | "retry" | "fail";
  /** `404`, `"4xx"`, `"500-599"`. */
  readonly status?: number | string;
  /** A substring of the body. */
  readonly content?: string;
  /** Used with `equals`. */
  readonly path?: SpecSelector;
  readonly equals?: JsonValue;
  /** The message of the error, for `fail` and `retry`. */
  readonly message?: string;
}

/** A step that changes the records of a page. */
export type SpecShaper =
  /** `include_from_parent`: maps each field to the placeholder of its value (`resources.users.id`). */
  | { readonly type: "include"; readonly fields: Readonly<Record<string, string>> }
  /** A function from the options of the factory: `hooks.<resource>.filter` or `.map`. */
  | { readonly type: "hook"; readonly hook: "filter" | "map" }
  | { readonly type: "where"; readonly conditions: readonly SpecCondition[] }
  | { readonly type: "rename"; readonly fields: Readonly<Record<string, string>> }
  | { readonly type: "remove"; readonly fields: readonly string[] }
  /** Constants and templates (`{resources.users.id}`, `{partitions.region}`). */
  | { readonly type: "add"; readonly fields: Readonly<Record<string, JsonValue>> }
  | { readonly type: "flatten"; readonly separator?: string; readonly depth?: number };

/** One condition of a `where` step: `{ "field": "status", "in": ["a", "b"] }`. All conditions must hold. */
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
      /** Values by partition name, or `{config.regions}` for a list from the options of the factory. */
      readonly partitions: Readonly<Record<string, readonly JsonValue[] | string>>;
    }
  | {
      readonly type: "parents";
      /** The name of the parent in the spec. */
      readonly parent: string;
      /** Maps placeholders to selectors within the parent's record: `resources.users.id` → `["id"]`. */
      readonly values: Readonly<Record<string, SpecSelector>>;
      /** Maps parameters of the method to the placeholders they set: `user_id` → `resources.users.id`. */
      readonly params: Readonly<Record<string, string>>;
      readonly batch?: { readonly size: number; readonly join: string };
    }
  | SpecIncremental;

/** `incremental` of an endpoint. */
export interface SpecIncremental {
  readonly type: "incremental";
  /** Within the record. */
  readonly cursor: SpecSelector;
  /** Strings are templates. */
  readonly initial?: JsonValue;
  readonly end?: JsonValue;
  readonly lastValue: "max" | "min";
  /** A number (days for dates, seconds for times, units for numbers) or an ISO 8601 duration. */
  readonly lag?: number | string;
  readonly onMissing: "raise" | "include" | "exclude";
  readonly rowOrder?: "asc" | "desc";
  readonly rangeStart: "closed" | "open";
  readonly rangeEnd: "open" | "closed";
  /** The key that identifies rows at the boundary; empty: no deduplication. Default: the primary key, else the whole row. */
  readonly key?: readonly string[];
  /** The format of values in requests: `iso`, `date`, `epoch`, `epoch_ms`, or a strftime format. */
  readonly format?: string;
  /** The length of the time slices to request, as an ISO 8601 duration. */
  readonly window?: string;
  /** Whether requests contain the range; otherwise the client filters the rows. */
  readonly serverFilter: boolean;
}

/** `rate_limit`. */
export interface SpecRateLimit {
  readonly requests?: number;
  readonly perMs?: number;
  /** The maximum number of concurrent attempts. */
  readonly concurrency?: number;
}

/** A parsed selector: the segments that the runtime's `query` takes. */
export interface SpecSelector {
  readonly selector: readonly QuerySegment[];
}

/** A paginator or auth scheme with the options that the spec sets, under the kind's camelCase names. */
export interface KindUse {
  readonly kind: Kind;
  readonly options: Readonly<Record<string, JsonValue | SpecSelector>>;
  /** The kinds that this kind contains, by name; the default comes first. */
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
