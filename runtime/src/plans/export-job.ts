import type { JsonObject, JsonValue } from "../json.js";
import { printSelector, select, type Selector } from "../select/path.js";
import { ConnectorError, PageError, ReadFailure, foreign } from "../errors.js";
import { parseUrl } from "../http/url.js";
import { defineKind, type Kind, type Option } from "../kind.js";
import {
  doneStatuses,
  failedStatuses,
  openJob,
  type Job,
  type JobOptions,
  type JobRequest,
} from "./job-requests.js";
import type { Partition, SplitContext, Splitter } from "./plan.js";

/** The requests and responses of an export job, which is created, polled until it is done, and read from its results. */
export interface ExportJobOptions extends JobOptions {
  /** Selector of the URLs of the results in the last response: `{job.url}`. One read per URL; `null` means no results. */
  readonly url?: Selector | undefined;
  /** Placeholders, and the selectors of their values in the responses: `{ "job.id": ["id"] }`. */
  readonly values?: Readonly<Record<string, Selector>> | undefined;
}

/**
 * Reads the results of an export job. The resource's own request downloads them; `{job.id}` and `{job.url}` are values of
 * the responses. A checkpoint continues with the same job.
 */
export function exportJob(options: ExportJobOptions): Splitter {
  return { type: "export_job", options, split: (context) => splitByResults(options, context) };
}

async function* splitByResults(
  options: ExportJobOptions,
  context: SplitContext,
): AsyncGenerator<Partition, void, undefined> {
  const { resume, partition } = context;
  const job = openJob(options, context, (resume?.["job"] as Job | undefined) ?? undefined);
  const { started, answer } = await job.finish();
  const values = Object.entries(options.values ?? {}).map(([name, selector]) => {
    const value = select(selector, answer.body)?.[0] ?? started.values[name];
    return [name, value ?? throwMissing(name, selector)] as const;
  });
  const urls = options.url ? urlsOf(options.url, answer) : [null];
  for (let at = Number(resume?.["at"] ?? 0); at < urls.length; at++) {
    const url = urls[at] ?? null;
    yield {
      values: Object.fromEntries([
        ...values,
        ...(url === null ? [] : [["job.url", url] as const]),
      ]) as JsonObject,
      key: [],
      resume: { job: started as unknown as JsonObject, at },
      // The state for the next run is complete with the last result.
      outcome: at === urls.length - 1 ? partition.outcome : undefined,
    };
  }
}

function throwMissing(name: string, selector: Selector): never {
  const message = `no response of the export job has \`${printSelector(selector)}\`, the value of {${name}}`;
  throw new ReadFailure(ConnectorError, "PARENT_VALUE_MISSING", message);
}

/** Returns the absolute URLs of the results. */
function urlsOf(
  selector: Selector,
  { body, url: here }: { readonly body: unknown; readonly url: string },
): readonly JsonValue[] {
  const where = `\`${printSelector(selector)}\` of the export job`;
  const found = select(selector, body);
  if (!found) {
    const has = Object.keys(Object(body) as object)
      .slice(0, 8)
      .join(", ");
    const fields = foreign(has || "none");
    const message = `${where} is missing from the response (its fields: ${fields}): correct \`url_path\``;
    throw new ReadFailure(PageError, "PAGE_INFO_MISSING", message);
  }
  return found.flat().flatMap((url: unknown, index) => {
    if (url === null || url === "") return [];
    const target = typeof url === "string" ? parseUrl(url, here) : undefined;
    if (target && /^https?:$/.test(target.protocol)) return [target.href];
    const which = found.length > 1 ? ` (result ${index + 1})` : "";
    throw new ReadFailure(PageError, "PAGE_INFO_INVALID", `${where}${which} is not an HTTP URL`);
  });
}

/** The spec's `export_job`. */
export const exportJobKind: Kind = /* @__PURE__ */ defineKind<ExportJobOptions>(() => ({
  family: "plan",
  type: "export_job",
  key: "export_job",
  factory: "exportJob",
  summary:
    "Reads the results of an export job: creates it, polls it until it is done, and downloads the results by the endpoint's own request. The endpoint's `response_actions` apply to all of these requests.",
  options: { ...requestsOptions(), ...answerOptions() },
  phrase: () => "from an export job",
  examples: [
    {
      create: { path: "/exports", json: { table: "items" } },
      poll: { path: "/exports/{job.id}", interval: 0 },
      status_path: "state",
      url_path: "files[*].url",
    },
    {
      create: { path: "/exports", method: "POST", params: { table: "items" } },
      poll: { interval: 0, timeout: "PT1H" },
      done: ["done"],
      failed: ["bad"],
      status_path: "state",
      error_path: "reason",
      url_path: "files[*].url",
    },
  ],
}));

/** The options of a request of a job. */
function requestOptions(isFirst: boolean): Readonly<Record<keyof JobRequest, Option>> {
  const scopes = [
    "secrets",
    "config",
    "resources",
    "partitions",
    "incremental",
    ...(isFirst ? [] : (["job"] as const)),
  ] as const;
  return {
    path: {
      type: "text",
      scopes: scopes.slice(1),
      ...(isFirst && { required: true }),
      description: isFirst
        ? "The path, as in `endpoint.path`."
        : "The path, as in `endpoint.path`, with `{job.id}`: a field of the first response.",
      examples: [isFirst ? "/exports" : "/exports/{job.id}"],
    },
    method: {
      type: "text",
      description: `The request method. Default: ${isFirst ? "POST" : "GET"}.`,
      examples: ["POST"],
    },
    query: {
      type: "object",
      key: "params",
      scopes,
      description: "Query parameters.",
      examples: [{ format: "csv" }],
    },
    json: { type: "object", scopes, description: "The JSON body.", examples: [{ table: "items" }] },
  };
}

/** Describes the options of the requests of a job. */
function requestsOptions(): { readonly [K in "create" | "poll"]: Option } {
  return {
    create: {
      type: "group",
      required: true,
      description: "The request that creates the job. Default method: `POST`.",
      options: requestOptions(true),
    },
    poll: {
      type: "group",
      description:
        "The request that asks for the state of the job. Default path: the `Location` header of the response that created it.",
      options: {
        ...requestOptions(false),
        intervalMs: {
          type: "duration",
          default: 5,
          description: "The wait between two requests. `Retry-After` may make it longer.",
          examples: [10],
        },
        timeoutMs: {
          type: "duration",
          default: 3600,
          above: 0,
          description: "The time after which a job that is not done is an error.",
          examples: ["PT2H"],
        },
      },
    },
  };
}

/** Describes the options of the responses about a job. */
function answerOptions(): {
  readonly [K in keyof Omit<Required<ExportJobOptions>, "create" | "poll">]: Option;
} {
  return {
    status: {
      type: "selector",
      key: "status_path",
      description:
        "Selector of the status in a response. Without it, the job is done as soon as the status of a response is not 202.",
      examples: ["status"],
    },
    done: {
      type: "list",
      items: { type: "text" },
      minimum: 1,
      description: `The statuses of a job that is done, case-insensitive. Default: ${doneStatuses.map((word) => `\`${word}\``).join(", ")}.`,
      examples: [["COMPLETED"]],
    },
    failed: {
      type: "list",
      items: { type: "text" },
      description: `The statuses of a job that has failed. Default: ${failedStatuses.map((word) => `\`${word}\``).join(", ")}.`,
      examples: [["FAILED", "CANCELED"]],
    },
    error: {
      type: "selector",
      key: "error_path",
      description: "Selector of the reason of a failure, for the error's message.",
      examples: ["error.message"],
    },
    url: {
      type: "selector",
      key: "url_path",
      description:
        "Selector of the URLs of the results in the last response, absolute or relative: one download per URL; `null` means no results. Then the endpoint needs no `path`. Without it, the `path` of the endpoint may name `{job.id}`.",
      examples: ["files[*].url"],
    },
    values: {
      type: "map",
      items: { type: "selector" },
      isDerived: true,
      description: "The selectors of the values of `{job.name}`.",
    },
  };
}
