import { isConnectorError, type ClientOptions, type JsonValue, type Source } from "@connector-gen/runtime";
import type { ResourceShape } from "@connector-gen/runtime/plugin";
import type { ResourceIr, SourceIr } from "../ir/source-ir.js";
import { hintOf } from "./hints.js";
import type { RecordingTransport } from "./recording-transport.js";

/** Input of a detection that all resources share. */
export interface Detection {
  readonly source: SourceIr;
  readonly live: Source;
  readonly transport: RecordingTransport;
  /** Client options. Secrets that are missing here come from the environment. */
  readonly options: ClientOptions & Readonly<Record<string, unknown>>;
  /** Parameter values by name, for every resource that has the parameter. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether the only response comes from a file, so nothing is sent. */
  readonly isReplay: boolean;
  /** Names of the secrets that the command line sets; absent if the command has no flags for secrets. */
  readonly given?: readonly string[];
}

/** Returns the values of the method's parameters and, in a replay, placeholders for the values from its plan. */
export function paramsOf(
  { params, isReplay }: Detection,
  resource: ResourceIr,
  shape: ResourceShape,
): Readonly<Record<string, JsonValue>> {
  const given = resource.params.flatMap(({ name, type }): readonly (readonly [string, JsonValue])[] => {
    const text = params[name];
    if (text === undefined) return isReplay ? [[name, "1"]] : [];
    return [[name, type.kind === "number" ? Number(text) : type.kind === "boolean" ? text === "true" : text]];
  });
  if (!isReplay) return Object.fromEntries(given);
  const planned = Object.keys(withoutSplit(shape).params ?? {}).filter((name) => name.includes("."));
  return Object.fromEntries([...given, ...planned.map((name) => [name, "1"] as const)]);
}

/** Removes the plan of a resource, so it reads no parents, and turns the plan's values into parameters. */
export function withoutSplit(shape: ResourceShape): ResourceShape {
  const { plan, ...rest } = shape;
  const names = (plan?.parts ?? []).flatMap(({ type, options }) => {
    if (type === "parents") return Object.keys((options as { readonly values: object }).values);
    if (type === "partitions") return Object.keys(options).map((name) => `partitions.${name}`);
    return ["start_value", "end_value", "initial_value", "last_value"].map((name) => `incremental.${name}`);
  });
  // A replay cannot request a token.
  return {
    ...rest,
    auth: null,
    params: { ...rest.params, ...Object.fromEntries(names.map((name) => [name, "parent"] as const)) },
  };
}

/** Returns why no request can be sent for a resource; `undefined` if one can. */
export function refusalOf({ source, params, isReplay }: Detection, resource: ResourceIr): string | undefined {
  if (isReplay) return undefined;
  const missing = resource.params.filter(({ name, required }) => required && params[name] === undefined);
  if (missing.length > 0) {
    const flags = missing.map(({ name }) => `--param ${name}=…`).join(" ");
    return `missing parameters: pass ${flags}, or a saved response with --from`;
  }
  const auth = resource.auth === undefined ? source.auth : resource.auth;
  if (auth?.type === "custom")
    return "its credentials come from a function in the app: pass a saved response with --from";
  if (auth?.type === "oauth2_refresh_token")
    return "authentication would replace the refresh token, and this command cannot store the new one: pass a saved response with --from";
  return undefined;
}

/** Returns the runtime's message without the resource name, and how to fix the problem. */
export function explain(error: unknown, { source, given }: Detection, resource: ResourceIr): string {
  if (!(error instanceof Error)) return String(error);
  if (!isConnectorError(error)) return error.message;
  const prefix = escapeRegExp(`${error.source}.${error.resource}`);
  const message = error.message.replace(new RegExp(`^${prefix}( page \\d+)?: `), "");
  const parent = error.resource === resource.name ? "" : `parent ${error.resource}: `;
  const hint = hintOf(error, { source, resource, given });
  return `${parent}${message}${hint === undefined ? "" : `\n${hint}`}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
