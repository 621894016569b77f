import type { JsonValue, LoadHints } from "@connector-gen/runtime";
import type { ParamLocation, ResourceShape } from "@connector-gen/runtime/plugin";
import type { Kind, QuerySegment } from "@connector-gen/runtime/kinds";

/** How integers beyond 2^53 appear in records. */
export type BigIntegerMode = "error" | "string" | "bigint";

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
  /** Keeps the cookies that the API sets. */
  readonly cookies?: KindUse;
  readonly rateLimit?: KindUse;
  readonly retry?: SpecRetry;
  readonly timeoutMs?: number;
  readonly bigIntegers?: BigIntegerMode;
  readonly foreignOrigins?: "follow" | "error";
  /** How date-times appear in records. Default: as text. */
  readonly dates?: "string" | "Date";
  /** Names of all `{secrets.x}`, in order of first appearance. */
  readonly secrets: readonly string[];
  /** Names of all `{config.x}`, in order of first appearance. */
  readonly config: readonly string[];
  readonly resources: readonly SpecResource[];
  /**
   * JSON Schemas by name, including those of other locations to which references lead. Every `$ref` has the form
   * `#/schemas/<name>`, with an unescaped name from here. All keywords have the form of JSON Schema 2020-12.
   */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

/** How records are loaded into a table that has some. */
export type WriteDisposition = NonNullable<ResourceShape["writeDisposition"]>;

/** A resource of a spec. */
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
  readonly encode?: KindUse;
  /** Default: no body, or an empty JSON object if the paginator writes into the body. */
  readonly body?: KindUse;
  /** Default: JSON. */
  readonly decode?: KindUse;
  readonly actions?: KindUse;
  /** Input parameters, in order. */
  readonly inputs: readonly SpecInput[];
  readonly headers: Readonly<Record<string, string>>;
  /** Default: detected in the first response of each read. */
  readonly select?: SpecSelector;
  /** How the records are written at `select`. Default: a list, or one record. */
  readonly layout?: KindUse;
  /** Whether a selector without a match is an error. `false`: it means an empty page. */
  readonly selectRequired: boolean;
  readonly paginator: KindUse;
  /** Changes of the requests of pages, innermost first: `next`, and values of the paginator in the path. */
  readonly pageRequests: readonly KindUse[];
  /** Transformations of the records, in order; `include_from_parent` comes first. */
  readonly shape: readonly KindUse[];
  /** How a read is split: partitions first, then the parent, then incremental ranges. */
  readonly plan: readonly KindUse[];
  readonly rateLimit?: KindUse;
  /** Default: that of the client. `null`: no credentials. */
  readonly auth?: KindUse | null;
  readonly retry?: SpecRetry;
  readonly timeoutMs?: number;
  /** Default: that of the client. */
  readonly bigIntegers?: BigIntegerMode;
  readonly foreignOrigins?: "follow" | "error";
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly writeDisposition: WriteDisposition;
  /** dlt's hints for loading. */
  readonly load?: LoadHints;
  readonly selected: boolean;
  /** Includes dlt's `columns`; absent if the spec has neither. */
  readonly schema?: JsonSchema;
  /** The name in `schemas` of a schema that refers to itself. */
  readonly schemaName?: string;
  /** Whether `schema` is more than dlt's `columns`. */
  readonly hasSchema: boolean;
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

/** A parameter that replaces a field of a parent's record. The field determines its type. */
export interface SpecParentInput {
  readonly name: string;
  readonly in: "parent";
  readonly required: false;
}

/** A parsed selector: the segments that the runtime's `query` takes. */
export interface SpecSelector {
  readonly selector: readonly QuerySegment[];
}

/** The value of an option: JSON in which selectors are parsed. The option's type determines their locations. */
export type SpecValue =
  JsonValue | SpecSelector | readonly SpecValue[] | { readonly [name: string]: SpecValue };

/** A kind with the options that the spec sets, under the kind's camelCase names. */
export interface KindUse {
  readonly kind: Kind;
  readonly options: Readonly<Record<string, SpecValue>>;
  /** The kinds that this kind contains, by name; the default comes first. */
  readonly uses?: Readonly<Record<string, KindUse>>;
}

/** The parts of a retry policy that the spec sets. */
export interface SpecRetry {
  readonly maxRetries?: number;
  readonly backoffMs?: number;
  readonly maxDelayMs?: number;
  readonly statuses?: readonly (number | string)[];
  readonly maxWaitMs?: number;
}

/** A JSON Schema 2020-12 object, or `true`/`false`. */
export type JsonSchema = boolean | SchemaObject;

/** A JSON Schema 2020-12 object. */
export interface SchemaObject {
  readonly [keyword: string]: JsonValue;
}

/** The keywords of a schema that only document values, besides those of OpenAPI and those that begin with `x-`. */
export const documentationKeywords: readonly string[] = [
  ...["title", "description", "deprecated", "default", "examples", "example", "readOnly", "writeOnly"],
];
