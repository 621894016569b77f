import type { Auth } from "./auth.js";
import type { JsonValue } from "./json.js";
import type { Paginator } from "./paginator.js";
import type { RetryPolicy } from "./retry.js";
import type { Path } from "./select.js";

/**
 * A whole source as data: what a generated module knows about one API.
 *
 * Every text is a template: `{secrets.x}` and `{config.x}` stand for options of the factory, `{{` and `}}` for braces.
 */
export interface Source {
  readonly name: string;
  readonly baseUrl: string;
  /** Fingerprint of the spec; a checkpoint of another spec is refused. */
  readonly spec: string;
  /** Where the value of each placeholder comes from: `"secrets.api_key": { option: "apiKey", env: "X_API_KEY" }`. */
  readonly options?: Readonly<Record<string, OptionSource>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly auth?: Auth;
  readonly retry?: Partial<RetryPolicy>;
  /** Seconds for one attempt, headers and body together. Default 60. */
  readonly timeout?: number;
  readonly resources: Readonly<Record<string, ResourceShape>>;
}

/** An option of the factory. */
export interface OptionSource {
  readonly option: string;
  /** Of a secret: the environment variable that is read when the option is left out. */
  readonly env?: string;
}

/** One resource as data; `Resource` ties it to the types of its records and parameters. */
export interface ResourceShape {
  readonly name: string;
  /** Upper case; default `GET`. */
  readonly method?: string;
  /** Relative to the base URL, or absolute; `{name}` stands for a path parameter. */
  readonly path: string;
  /** Where each parameter of the method goes. */
  readonly params?: Readonly<Record<string, ParamPlace>>;
  /** Static query parameters; a list becomes repeated parameters, `null` is left out. */
  readonly query?: Readonly<Record<string, JsonValue>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the records stand in the body. */
  readonly select: Path;
  readonly paginator: Paginator;
  /** Instead of the source's; `null` sends no credentials. */
  readonly auth?: Auth | null;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeout?: number;
  readonly primaryKey?: readonly string[];
  readonly mergeKey?: readonly string[];
  readonly writeDisposition?: "append" | "replace" | "merge" | "skip";
  /** `false`: tools that read every resource leave this one out. */
  readonly selected?: boolean;
}

/** A resource whose keys and parameters the compiler holds against its types. */
export interface Resource<R, P = NoParams> extends ResourceShape {
  readonly params?: { readonly [K in keyof P]-?: ParamPlace };
  readonly primaryKey?: readonly (keyof R & string)[];
  readonly mergeKey?: readonly (keyof R & string)[];
}

/** Where a parameter of a method goes. */
export type ParamPlace = "path" | "query" | "header";

/** The parameters of a method that takes none. */
export type NoParams = Readonly<Record<string, never>>;
