/**
 * The contract between the spec and the printed module: all facts that templates, the mock server and the docs need. Names
 * are chosen and defaults applied. Plain data; imports nothing.
 */
export interface SourceIr {
  /** The spec's name for the source: `learning-platform`. */
  readonly name: string;
  readonly description?: string;
  readonly docsUrl?: string;
  /** Base name of the spec file, for the header. */
  readonly specFile: string;
  /** The first 16 hex digits of a SHA-256 hash of the spec's values. Layout and comments do not count. */
  readonly specHash: string;
  readonly names: SourceNames;
  /** A template that may contain `{config.x}`. */
  readonly baseUrl: string;
  readonly headers: readonly Pair[];
  readonly auth?: KindIr;
  readonly cookies?: KindIr;
  readonly rateLimit?: KindIr;
  readonly retry?: RetryIr;
  /** Timeout of one attempt, in milliseconds. */
  readonly timeoutMs?: number;
  /** How integers beyond 2^53 appear in records. */
  readonly bigIntegers?: BigIntegerModeIr;
  readonly foreignOrigins?: "follow" | "error";
  readonly secrets: readonly SecretIr[];
  readonly config: readonly ConfigIr[];
  /** Options of auth schemes besides secrets. */
  readonly clientOptions: readonly ClientOptionIr[];
  /** The names of the options besides secrets and config values: those of `clientOptions`, and `hooks`. */
  readonly optionNames: readonly string[];
  /** In spec order. */
  readonly resources: readonly ResourceIr[];
  /** Declarations that several resources use, in spec order. */
  readonly shared: readonly DeclarationIr[];
  /** The locations of date-times that records hold as `Date`s. Absent: records hold them as strings. */
  readonly dates?: DatesIr;
  /** The schemas to which the rules of types refer, by name. */
  readonly definitions?: Readonly<Record<string, JsonIr>>;
}

/** The locations of date-times in records. */
export interface DatesIr {
  /** The module's constant. */
  readonly constant: string;
  /** By name of a declaration, in the form of the runtime's `DateFields`. */
  readonly places: Readonly<Record<string, JsonIr>>;
}

/** The exported identifiers of a module. */
export interface SourceNames {
  /** File name without extension: `learning-platform`. */
  readonly file: string;
  /** The source's name in prose: `Learning Platform`, or the spec's `type_name` unchanged. */
  readonly title: string;
  /** The facade: `LearningPlatform`. */
  readonly facade: string;
  /** The factory: `createLearningPlatform`. */
  readonly factory: string;
  /** The options: `LearningPlatformOptions`. */
  readonly options: string;
  /** The source as data: `learningPlatformSource`. */
  readonly source: string;
  /** The type of the option `hooks`: `LearningPlatformHooks`; empty when no resource has hooks. */
  readonly hooks: string;
}

/** A secret of the spec: an option of the factory, or an environment variable. */
export interface SecretIr {
  /** As in `{secrets.name}`. */
  readonly name: string;
  /** The factory's option: `apiKey`. */
  readonly option: string;
  /** `ANALYTICS_API_KEY`. */
  readonly env: string;
}

/** A config value of the spec: a required option of the factory. */
export interface ConfigIr {
  /** As in `{config.name}`. */
  readonly name: string;
  readonly option: string;
  /** Whether it is the list of a partition's values. If not, it is text. */
  readonly isList: boolean;
}

/** An option of the factory that an auth scheme reads: `onTokenRefresh`. */
export interface ClientOptionIr {
  readonly name: string;
  /** The alternatives of its type, in TypeScript. */
  readonly types: readonly string[];
  /** The runtime's types in `types`. */
  readonly imports: readonly string[];
  readonly description: string;
  readonly required: boolean;
}

/** A name and a text, which is a template. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** Options by name. */
export type OptionsIr = Readonly<Record<string, OptionIr>>;

/** The value of an option. Every object is tagged, so data of the spec never looks like a selector. */
export type OptionIr =
  string | number | boolean | null | readonly OptionIr[] | SelectorIr | { readonly object: OptionsIr };

/** A selector as its segments: all names, indexes and `"[*]"` for a path, anything else for a query. */
export interface SelectorIr {
  readonly selector: readonly SegmentIr[];
}

/**
 * One segment of a selector, as the runtime's `query` takes it: a name, an index, `"[*]"`, `".*"`, or an object for any
 * other segment.
 */
export type SegmentIr = string | number | { readonly [key: string]: JsonIr };

/** Whether an option is a selector. */
export function isSelector(option: OptionIr | undefined): option is SelectorIr {
  return typeof option === "object" && option !== null && "selector" in option;
}

/** An option as plain data: objects without their tags. */
export function toJson(option: OptionIr): JsonIr {
  if (Array.isArray(option)) return (option as readonly OptionIr[]).map(toJson);
  if (typeof option !== "object" || option === null) return option;
  if (isSelector(option)) return { selector: option.selector };
  const { object } = option as { readonly object: OptionsIr };
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, toJson(value)]));
}

/** Whether all segments of a selector are names, indexes and `"[*]"`. */
export function isPath(segments: readonly SegmentIr[]): segments is readonly (string | number)[] {
  return segments.every((segment) => typeof segment !== "object" && segment !== ".*");
}

/** A use of a kind as data: the call of its factory, and a phrase that describes it. */
export interface KindIr {
  /** The spec's word: `page_number`. */
  readonly type: string;
  /** The runtime's export: `pageNumber`. */
  readonly factory: string;
  /** The factory's options in the kind's order. */
  readonly options: OptionsIr;
  /** The factory takes the options as arguments, in order. */
  readonly positional?: true;
  /** The function of the app's options that it calls. */
  readonly hook?: "filter" | "map";
  /** Options that are kinds themselves. */
  readonly calls?: Readonly<Record<string, KindIr>>;
  /** A phrase for documentation: `paginated by page number, 250 records per page`. */
  readonly phrase: string;
}

/** A JSON value. */
export type JsonIr =
  string | number | boolean | null | readonly JsonIr[] | { readonly [key: string]: JsonIr };

/** The parts of a retry policy that the spec sets. */
export interface RetryIr {
  readonly maxRetries?: number;
  readonly backoffMs?: number;
  readonly maxDelayMs?: number;
  readonly statuses?: readonly (number | string)[];
  readonly maxWaitMs?: number;
}

/** A resource of the spec: a method of the module. */
export interface ResourceIr {
  /** The spec's name: `course_reviews`. */
  readonly name: string;
  /** The method's documentation. Empty lines separate paragraphs. */
  readonly docs: string;
  readonly names: ResourceNames;
  /** Upper case. */
  readonly method: string;
  /** A template with `{param}` and the placeholders of the plan. Static path parameters are filled in. */
  readonly path: string;
  /** Static query parameters in order; strings are templates. */
  readonly query: readonly { readonly name: string; readonly value: JsonIr }[];
  /** Writes lists and objects in the query. Absent: lists are repeated, objects are JSON. */
  readonly encode?: KindIr;
  readonly headers: readonly Pair[];
  readonly params: readonly ParamIr[];
  /** The type of `params` as a union. Absent: one interface. */
  readonly paramUnion?: ParamUnionIr;
  readonly body?: KindIr;
  /** Absent: JSON. */
  readonly decode?: KindIr;
  readonly actions?: KindIr;
  /** Absent: found in the first response of each read. */
  readonly select?: SelectorIr;
  /** Converts the value that `select` finds into records. Its factory takes the selector before its options. */
  readonly layout?: KindIr;
  /** `false`: a selector that finds nothing means an empty page. */
  readonly selectRequired: boolean;
  /** In order. */
  readonly shape: readonly KindIr[];
  readonly paginator: KindIr;
  /** Changes to the requests of pages, innermost first. Each factory takes the paginator before its options. */
  readonly pageRequests: readonly KindIr[];
  /** Outermost first. */
  readonly plan: readonly KindIr[];
  /** `null`: no credentials for this resource. Absent: those of the source. */
  readonly auth?: KindIr | null;
  readonly rateLimit?: KindIr;
  readonly retry?: RetryIr;
  readonly timeoutMs?: number;
  readonly bigIntegers?: BigIntegerModeIr;
  /** The integers in fields that have their own mode. */
  readonly bigIntegerFields?: IntegerFieldsIr;
  readonly foreignOrigins?: "follow" | "error";
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly writeDisposition: "append" | "replace" | "merge" | "skip";
  readonly load?: LoadIr;
  /** From the spec, for the comment of its table. */
  readonly description?: string;
  /** `false`: tools that read all resources skip this resource. */
  readonly selected: boolean;
  /** The records of the method's stream: a declared type, the runtime's `JsonObject`, or the result of a hook. */
  readonly record: TypeIr;
  /** The record's interface first, then the types nested in it, in order of appearance. */
  readonly declarations: readonly DeclarationIr[];
  /** The records as the API sends them; absent if `shape` does not change their type. */
  readonly served?: ServedIr;
  /** The hooks that process the records. */
  readonly hooks?: HooksIr;
  /** The declaration that lists the date-times of the records to convert to `Date`s. */
  readonly dates?: string;
  /** The record type does not declare all keys: a step may add fields without a schema. */
  readonly hasOpenKeys?: true;
}

/** Hints for loading, as the runtime's `LoadHints`. */
export type LoadIr = Readonly<Record<string, JsonIr>>;

/** The type of records before shaping, with the declarations that only this type refers to. */
export interface ServedIr {
  readonly record: TypeIr;
  readonly declarations: readonly DeclarationIr[];
}

/** The hooks of one resource. */
export interface HooksIr {
  /** Their key in the option `hooks`: the method's name. */
  readonly name: string;
  /** Receives a record and returns whether to keep it. */
  readonly filter?: { readonly record: TypeIr };
  /** Receives a record and returns another. */
  readonly map?: { readonly record: TypeIr; readonly result: TypeIr };
  /** The module's type parameter for the result of `map`, such as `CourseOut`; absent if no type depends on it. */
  readonly parameter?: { readonly name: string; readonly default: TypeIr };
}

/** The identifiers of a resource in its module. */
export interface ResourceNames {
  /** The facade's method: `courseReviews`. */
  readonly method: string;
  /** The module's constant; differs from the method only if that name is taken. */
  readonly constant: string;
  /** The parameters' type: `CourseReviewsParams`; empty when there are none. */
  readonly params: string;
}

/** The parameters of a method as a union of interfaces. Needed if several of them together identify a parent record. */
export interface ParamUnionIr {
  /** The interface of the parameters that all members share; absent when there are none. */
  readonly base?: ParamSetIr;
  /** One member requires the parameters of the parent, the other excludes them. */
  readonly members: readonly ParamSetIr[];
}

/** An interface of parameters. */
export interface ParamSetIr {
  readonly name: string;
  readonly description: string;
  readonly params: readonly ParamIr[];
  /** The names of excluded parameters. */
  readonly without: readonly string[];
}

/** A parameter of a method, named as on the wire. */
export interface ParamIr {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body" | "parent";
  readonly required: boolean;
  readonly type: TypeIr;
  readonly description?: string;
}

/** An exported type of the module. */
export interface DeclarationIr {
  readonly name: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  /** An object prints as an interface, anything else as an alias. */
  readonly type: TypeIr;
}

/** A field of an object. */
export interface FieldIr {
  /** As on the wire. */
  readonly name: string;
  readonly required: boolean;
  readonly type: TypeIr;
  readonly description?: string;
  readonly deprecated?: boolean;
  /** From the schema; the mock server takes its values from here first. */
  readonly examples?: readonly JsonIr[];
  /** The value that a missing field means. */
  readonly default?: JsonIr;
  /** The unit of measure: `seconds`. */
  readonly unit?: string;
}

/** How integers beyond 2^53 appear in records. */
export type BigIntegerModeIr = "error" | "string" | "bigint";

/** The arguments of the runtime's `integerFields`: the locations in records, and in the shared types to which they refer. */
export interface IntegerFieldsIr {
  readonly root: IntegerPlacesIr;
  readonly types?: Readonly<Record<string, IntegerPlacesIr>>;
}

/** The location of integers that have their own mode: the mode, or the parts of the location. */
export type IntegerPlacesIr =
  | BigIntegerModeIr
  | {
      readonly mode?: BigIntegerModeIr;
      readonly fields?: Readonly<Record<string, IntegerPlacesIr | null>>;
      readonly others?: IntegerPlacesIr;
      readonly types?: readonly string[];
    };

/** Keywords of JSON Schema that a type cannot express. Only validators use them. `$ref`s lead to `SourceIr.definitions`. */
export type RulesIr = Readonly<Record<string, JsonIr>>;

/** A type. Nested objects are separate declarations to which it refers. */
export type TypeIr = ShapeIr & { readonly rules?: RulesIr };

type ShapeIr =
  | {
      readonly kind: "string";
      readonly format?: string;
      /** How its values appear in records. Default: as text. */
      readonly form?: "Date";
    }
  | {
      readonly kind: "number";
      readonly integer: boolean;
      /** How its values appear in records. Default: as a number. */
      readonly forms?: readonly ("number" | "string" | "bigint")[];
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly kind: "boolean" }
  | { readonly kind: "null" }
  /** Any JSON value. `exact`: its integers beyond 2^53 are `bigint`s. */
  | { readonly kind: "json"; readonly exact?: true }
  /** No value. */
  | { readonly kind: "never" }
  | {
      readonly kind: "enum";
      readonly values: readonly (string | number | boolean | null)[];
      /** Other texts or numbers are valid, too. */
      readonly open?: true;
    }
  | { readonly kind: "array"; readonly items: TypeIr }
  | {
      readonly kind: "tuple";
      readonly items: readonly TypeIr[];
      /** How many items are always present. Default: all. */
      readonly required?: number;
      readonly rest?: TypeIr;
    }
  | { readonly kind: "map"; readonly values: TypeIr }
  | {
      readonly kind: "object";
      readonly fields: readonly FieldIr[];
      /** The fields of that object declaration, and these. */
      readonly base?: string;
      /** The type of all other fields. Absent: not declared. */
      readonly additional?: TypeIr;
      /** There are no other fields. */
      readonly closed?: true;
    }
  /** `exclusive`: a value is of one option only. */
  | { readonly kind: "union"; readonly options: readonly TypeIr[]; readonly exclusive?: true }
  | { readonly kind: "intersection"; readonly parts: readonly TypeIr[] }
  /** A declaration of this module. */
  | { readonly kind: "ref"; readonly name: string };
