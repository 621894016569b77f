/**
 * The contract between the spec and the printed module: everything a template, the mock server or the docs need,
 * with all names chosen and all defaults applied. Plain data; imports nothing.
 */
export interface SourceIr {
  /** The spec's name for the source: `learning-platform`. */
  readonly name: string;
  readonly description?: string;
  readonly docsUrl?: string;
  /** Base name of the spec file, for the header. */
  readonly specFile: string;
  /** SHA-256 over the spec's values (not its layout), first 16 hex digits. */
  readonly specHash: string;
  readonly names: SourceNames;
  /** A template: may hold `{config.x}`. */
  readonly baseUrl: string;
  readonly headers: readonly Pair[];
  readonly auth?: CallIr;
  readonly retry?: RetryIr;
  /** Seconds per attempt. */
  readonly timeout?: number;
  readonly secrets: readonly SecretIr[];
  readonly config: readonly ConfigIr[];
  /** In spec order. */
  readonly resources: readonly ResourceIr[];
  /** Declarations that several resources use, in spec order. */
  readonly shared: readonly DeclarationIr[];
}

/** The exported identifiers of a module. */
export interface SourceNames {
  /** File name without extension: `learning-platform`. */
  readonly file: string;
  /** The facade: `LearningPlatform`. */
  readonly facade: string;
  /** The factory: `createLearningPlatform`. */
  readonly factory: string;
  /** The options: `LearningPlatformOptions`. */
  readonly options: string;
  /** The source as data: `learningPlatformSource`. */
  readonly source: string;
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
}

/** A name and its text; the text is a template. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** A call of a runtime factory: a paginator or an auth scheme. */
export interface CallIr {
  /** The spec's word: `page_number`. */
  readonly type: string;
  /** The runtime's export: `pageNumber`. */
  readonly factory: string;
  /** camelCase options, only those that were given, in the kind's order; selectors are RFC 9535 queries. */
  readonly options: Readonly<Record<string, JsonIr>>;
  /** The options that are selectors. */
  readonly selectors: readonly string[];
  /** The kind in words, for documentation: `by page number, 250 a page`. */
  readonly phrase: string;
}

export type JsonIr =
  string | number | boolean | null | readonly JsonIr[] | { readonly [key: string]: JsonIr };

/** Retry policy; only what was given. */
export interface RetryIr {
  readonly maxRetries?: number;
  readonly backoffFactor?: number;
  readonly maxDelay?: number;
  readonly statuses?: readonly (number | string)[];
  readonly maxWait?: number;
}

export interface ResourceIr {
  /** The spec's name: `course_reviews`. */
  readonly name: string;
  /** What the method's documentation says; paragraphs are parted by empty lines. */
  readonly docs: string;
  readonly names: ResourceNames;
  /** Upper case. */
  readonly method: string;
  /** A template: may hold `{param}`, `{secrets.x}`, `{config.x}`; static path parameters are already put in. */
  readonly path: string;
  /** Static query parameters in order; strings are templates, lists become repeated parameters. */
  readonly query: readonly { readonly name: string; readonly value: JsonIr }[];
  readonly headers: readonly Pair[];
  readonly params: readonly ParamIr[];
  /** RFC 9535, normalised: `$.items`. */
  readonly select: string;
  readonly paginator: CallIr;
  /** `null`: no credentials for this resource. Absent: the source's. */
  readonly auth?: CallIr | null;
  readonly retry?: RetryIr;
  readonly timeout?: number;
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  readonly writeDisposition: "append" | "replace" | "merge" | "skip";
  /** `false`: not read by default by tools that read every resource. */
  readonly selected: boolean;
  /** The record type: a declared name, or `JsonObject` of the runtime. */
  readonly record: TypeIr;
  /** The record's interface first, then the types nested in it, in order of appearance. */
  readonly declarations: readonly DeclarationIr[];
}

export interface ResourceNames {
  /** The facade's method: `courseReviews`. */
  readonly method: string;
  /** The module's constant; differs from the method only where that name is taken. */
  readonly constant: string;
  /** The parameters' interface: `CourseReviewsParams`; empty when there are none. */
  readonly params: string;
}

/** A parameter of a method, named as on the wire. */
export interface ParamIr {
  readonly name: string;
  readonly in: "path" | "query" | "header";
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

export interface FieldIr {
  /** As on the wire. */
  readonly name: string;
  readonly required: boolean;
  readonly type: TypeIr;
  readonly description?: string;
  readonly deprecated?: boolean;
  /** From the schema; the mock server takes its values from here first. */
  readonly examples?: readonly JsonIr[];
}

/** A type; nested objects are declarations of their own and stand here as references. */
export type TypeIr =
  | { readonly kind: "string"; readonly format?: string }
  | {
      readonly kind: "number";
      readonly integer: boolean;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly kind: "boolean" }
  | { readonly kind: "null" }
  /** Any JSON value. */
  | { readonly kind: "json" }
  | { readonly kind: "enum"; readonly values: readonly (string | number | boolean | null)[] }
  | { readonly kind: "array"; readonly items: TypeIr }
  | { readonly kind: "tuple"; readonly items: readonly TypeIr[]; readonly rest?: TypeIr }
  | { readonly kind: "map"; readonly values: TypeIr }
  | { readonly kind: "object"; readonly fields: readonly FieldIr[] }
  | { readonly kind: "union"; readonly options: readonly TypeIr[] }
  | { readonly kind: "intersection"; readonly parts: readonly TypeIr[] }
  /** A declaration of this module. */
  | { readonly kind: "ref"; readonly name: string };
