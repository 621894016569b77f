import type { ResponseActions } from "./http/actions.js";
import type { Auth } from "./auth/auth.js";
import type { Body } from "./bodies/body.js";
import type { Decoder } from "./decoders/decoder.js";
import type { JsonValue } from "./json.js";
import type { Limiter } from "./limit/limiter.js";
import type { Paginator } from "./paginators/paginator.js";
import type { Plan } from "./plans/plan.js";
import type { QueryEncoder } from "./http/request.js";
import type { RetryPolicy } from "./http/retry.js";
import type { Selector } from "./select/path.js";
import type { Shaper } from "./shapers/shaper.js";

/**
 * A whole source as data: what a generated module knows about one API.
 *
 * Every text is a template: `{secrets.x}` and `{config.x}` stand for options of the factory, `{{` and `}}` for braces. In
 * a resource, `{resources.users.id}`, `{partitions.region}` and `{incremental.start_value}` stand for what its plan gives.
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
  readonly rateLimit?: Limiter;
  readonly retry?: Partial<RetryPolicy>;
  /** Milliseconds for one attempt, headers and body together. Default 60,000. */
  readonly timeoutMs?: number;
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
  /** How lists and objects are written in the query, where lists are not repeated and objects not JSON. */
  readonly encode?: QueryEncoder;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** Reads bodies that are not JSON. */
  readonly decode?: Decoder;
  /** What responses mean besides their status. */
  readonly actions?: ResponseActions;
  /** Where the records stand in the body. */
  readonly select: Selector;
  /** `false`: a selector that finds nothing means an empty page, not an error. */
  readonly selectRequired?: boolean;
  /** What becomes of the records before they are handed on, in order. */
  readonly shape?: readonly Shaper[];
  readonly paginator: Paginator;
  /** How the read is split by parents, partitions and windows, and what makes it incremental. */
  readonly plan?: Plan;
  /** Instead of the source's; `null` sends no credentials. */
  readonly auth?: Auth | null;
  /** Besides the source's. */
  readonly rateLimit?: Limiter;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeoutMs?: number;
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

/** Where a parameter of a method goes: into the request, or to the plan in place of a value of the parent's records. */
export type ParamPlace = "path" | "query" | "header" | "body" | "parent";

/** The parameters of a method that takes none. */
export type NoParams = Readonly<Record<string, never>>;
