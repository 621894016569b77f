import type { Auth } from "./auth/auth.js";
import type { Body } from "./bodies/body.js";
import type { Decoder } from "./decoders/decoder.js";
import type { BigIntegerMode } from "./exact-json.js";
import type { Cookies } from "./http/cookie-jar.js";
import type { QueryEncoder } from "./http/query-encoder.js";
import type { ResponseActions } from "./http/response-actions.js";
import type { RetryOptions } from "./http/retry.js";
import type { JsonValue } from "./json.js";
import type { Limiter } from "./limit/limiter.js";
import type { Paginator } from "./paginators/paginator.js";
import type { Plan } from "./plans/plan.js";
import type { IntegerFields } from "./read/big-integers.js";
import type { Selector } from "./select/path.js";
import type { Shaper } from "./shapers/shaper.js";

/**
 * A whole source as data: all facts about one API in a generated module.
 *
 * Texts are templates. `{secrets.x}` and `{config.x}` are options of the factory; `{{` and `}}` are braces. In a resource,
 * `{resources.users.id}`, `{partitions.region}` and `{incremental.start_value}` are values that its plan supplies.
 */
export interface Source {
  readonly name: string;
  /** The name of the generated factory, for messages: `createShop`. */
  readonly factory?: string;
  readonly baseUrl: string;
  /** The option behind each placeholder: `"secrets.api_key": { option: "apiKey", env: "X_API_KEY" }`. */
  readonly options?: Readonly<Record<string, OptionSource>>;
  /** The factory's other options, for example `hooks` and `authorize`. */
  readonly optionNames?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly auth?: Auth;
  /** Keeps the cookies that the API sets. Default: they are ignored. */
  readonly cookies?: Cookies;
  readonly rateLimit?: Limiter;
  readonly retry?: RetryOptions;
  /** Milliseconds for one attempt, from the request to the end of the body. Default 60,000. */
  readonly timeoutMs?: number;
  /** How integers beyond 2^53 appear in records. Default `error`. */
  readonly bigIntegers?: BigIntegerMode;
  /** `error` rejects untrusted origins that links, redirects and parents choose. Default `follow`. */
  readonly foreignOrigins?: "follow" | "error";
  readonly resources: Readonly<Record<string, ResourceShape>>;
}

/** An option of the factory. */
export interface OptionSource {
  readonly option: string;
  /** For a secret: the environment variable that is read if the option is missing. */
  readonly env?: string;
}

/** One resource as data. `Resource` ties it to the types of its records and parameters. */
export interface ResourceShape {
  readonly name: string;
  /** Upper case. Default `GET`. */
  readonly method?: string;
  /** Relative to the base URL, or absolute. `{name}` is a path parameter. */
  readonly path: string;
  /** The location of each parameter of the method. */
  readonly params?: Readonly<Record<string, ParamLocation>>;
  /** Static query parameters. A list becomes repeated parameters; `null` is omitted. */
  readonly query?: Readonly<Record<string, JsonValue>>;
  /** Writes lists and objects in the query. Default: lists are repeated, objects are JSON. */
  readonly encode?: QueryEncoder;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Decodes bodies that are not JSON. */
  readonly decode?: Decoder;
  /** Interprets responses by more than their status. */
  readonly actions?: ResponseActions;
  /** Selects the records in the body. */
  readonly select: Selector;
  /** `false`: a selector without a match means an empty page instead of an error. */
  readonly selectRequired?: boolean;
  /** Replaces the source's. */
  readonly bigIntegers?: BigIntegerMode;
  /** Fields with another mode: `integerFields(…)`. It applies to all integers of the field. */
  readonly bigIntegerFields?: IntegerFields;
  /** Transformations applied to the records of each page, in order. */
  readonly shape?: readonly Shaper[];
  readonly paginator: Paginator;
  /** Splits the read by parents, partitions and windows, and makes it incremental. */
  readonly plan?: Plan;
  /** Replaces the source's. `null` sends no credentials. */
  readonly auth?: Auth | null;
  /** Applies in addition to the source's. */
  readonly rateLimit?: Limiter;
  readonly retry?: RetryOptions;
  readonly timeoutMs?: number;
  readonly foreignOrigins?: "follow" | "error";
  readonly primaryKey?: readonly string[];
  readonly mergeKey?: readonly string[];
  readonly writeDisposition?: "append" | "replace" | "merge" | "skip";
  /** How tools load the records into tables. The runtime does not read it. */
  readonly load?: LoadHints;
  /** `false`: tools that read all resources skip this one. */
  readonly selected?: boolean;
}

/** How tools load the records of a resource into tables: dlt's hints for loading, and facts that the values do not show. */
export interface LoadHints {
  /** The strategy of `merge`. Default `delete-insert`. */
  readonly strategy?: "delete-insert" | "upsert" | "insert-only" | "scd2";
  /** Whether each key occurs at most once among the records of a run. */
  readonly deduplicated?: boolean;
  /** scd2: the columns that contain the start and end of a version. */
  readonly validityColumnNames?: readonly string[];
  /** scd2: the end of versions that are still valid. Default: none. */
  readonly activeRecordTimestamp?: string;
  /** scd2: the time at which old versions end and new ones begin. Default: the time of the run. */
  readonly boundaryTimestamp?: string;
  /** scd2: the column that contains the hash of a version. */
  readonly rowVersionColumnName?: string;
  /** The name of the root table. Default: the name of the resource. */
  readonly tableName?: string;
  /** Levels of lists and objects that become tables and columns. Deeper ones are JSON. */
  readonly maxNesting?: number;
  /** The rule for tables, columns and values that do not match the tables. */
  readonly contract?:
    LoadContract | Readonly<Partial<Record<"tables" | "columns" | "data_type", LoadContract>>>;
  /** By path: `price`, `address.city`, `lines[].sku`. */
  readonly columns?: Readonly<Record<string, LoadColumn>>;
  /**
   * Descriptions of fields, by path, and of tables: `""` is the root table, `lines` the table of a list. Generated modules
   * contain none, to stay small.
   */
  readonly descriptions?: Readonly<Record<string, string>>;
  /** Whether texts that look like timestamps are timestamps. Set if the spec has no schema. */
  readonly detectTimestamps?: boolean;
  /** The paths of fields whose type only the schema shows: whole numbers of a `double` look like integers. */
  readonly types?: Readonly<Partial<Record<LoadType, readonly string[]>>>;
}

/** The treatment of a record that does not match its table. */
export type LoadContract = "evolve" | "freeze" | "discard_row" | "discard_value";

/** The type of a column, as dlt names it. */
export type LoadType =
  | "text"
  | "bigint"
  | "double"
  | "bool"
  | "timestamp"
  | "date"
  | "time"
  | "decimal"
  | "wei"
  | "binary"
  | "json";

/** dlt's hints for one column. */
export interface LoadColumn {
  readonly type?: LoadType;
  readonly nullable?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly timezone?: boolean;
  /** A value in the column, or `true` if it is a bool, deletes the row with this key. */
  readonly hardDelete?: boolean;
  /** Which record of a run is kept if several have the same key: the one with the smallest or the largest value. */
  readonly dedupSort?: "asc" | "desc";
}

/** A resource whose keys and parameters the compiler checks against its types. */
export interface Resource<R, P = NoParams> extends ResourceShape {
  readonly params?: { readonly [K in keyof P]-?: ParamLocation };
  readonly primaryKey?: readonly (keyof R & string)[];
  readonly mergeKey?: readonly (keyof R & string)[];
}

/** The location of a method's parameter: a part of the request, or `parent` for the plan. */
export type ParamLocation = "path" | "query" | "header" | "body" | "parent";

declare const none: unique symbol;

/**
 * The parameters of a resource without parameters. Its only key cannot be written, so the compiler rejects all others: an
 * interface without keys would accept any object.
 */
export interface NoParams {
  readonly [none]?: never;
}
