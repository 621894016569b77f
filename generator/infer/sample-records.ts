import { createReader, type Resource } from "@connector-gen/runtime";
import type { ResourceShape } from "@connector-gen/runtime/plugin";
import { explain, paramsOf, refusalOf, withoutSplit, type Detection } from "../detect/resource-requests.js";
import type { ResourceIr } from "../ir/source-ir.js";
import { isObject, parseJson } from "../spec/values.js";

/** Limits of a sample. */
export interface SampleLimits {
  readonly records: number;
  /** Maximum number of pages, including empty ones. */
  readonly pages: number;
  /** Reuses the recorded responses, and ends after the page at which this many requests have been sent. */
  readonly requests?: number;
}

/** Records of a resource as the API sends them, before processing steps. */
export interface Sample {
  readonly records: readonly unknown[];
  /** Number of pages read. */
  readonly pages: number;
  /** The first request, with redacted secrets. */
  readonly request?: { readonly method: string; readonly url: string };
  /** Whether the sample ended at one of its limits. */
  readonly isCut: boolean;
  /** Why the read ended early. If there are records, the sample is still usable. */
  readonly problem?: string;
}

/** Reads records of a resource with the runtime, as its generated client would. Reports errors in `problem`. */
export async function sampleRecords(
  sampling: Detection,
  resource: ResourceIr,
  limits: SampleLimits,
): Promise<Sample> {
  const nothing: Sample = { records: [], pages: 0, isCut: false };
  const shape = sampling.live.resources[resource.name];
  const refusal = shape ? refusalOf(sampling, resource) : "unknown resource";
  if (!shape || refusal !== undefined) return { ...nothing, problem: refusal ?? "" };
  let request: Sample["request"];
  const { options, transport, isReplay } = sampling;
  const records: unknown[] = [];
  let pages = 0;
  let isCut = false;
  const isSpent = (): boolean => limits.requests !== undefined && transport.count() >= limits.requests;
  const end = (problem?: string): Sample => ({
    records: records.slice(0, limits.records),
    pages,
    isCut,
    ...(request && { request }),
    ...(problem !== undefined && { problem }),
  });
  try {
    if (limits.requests === undefined) transport.reset();
    const reader = createReader(sampling.live, {
      ...options,
      ...((isReplay || limits.requests !== undefined) && { transport }),
      readAhead: false,
      // A file does not change, so a retry would fail for the same reason.
      retry: { maxRetries: isReplay ? 0 : 3, maxWaitMs: 60_000 },
      onEvent: (event) => {
        if (event.type === "request" && event.resource === resource.name)
          request ??= { method: event.method, url: event.url };
      },
    });
    // A schema describes the records before shaping. Reading integers exactly shows which fields need it.
    const whole = isReplay ? withoutSplit(shape) : shape;
    const unshaped: ResourceShape = { ...whole, shape: [], bigIntegers: "bigint" };
    const target = unshaped as Resource<unknown, object>;
    const params = paramsOf(sampling, resource, shape);
    const read = reader.read(target, params, { maxPages: isReplay ? 1 : limits.pages });
    for await (const page of read.pages()) {
      pages += 1;
      records.push(...page.records);
      isCut = !page.isLast && (records.length >= limits.records || pages >= limits.pages || isSpent());
      if (isCut) break;
    }
    return end();
  } catch (error) {
    return end(explain(error, sampling, resource));
  }
}

/** Reads the records of a file: JSON lines, or a JSON list of objects. Returns `undefined` for any other text. */
export function readRecordFile(text: string): readonly unknown[] | undefined {
  const whole = parseJson(text);
  if (Array.isArray(whole)) return whole.every(isObject) ? whole : undefined;
  if (whole !== undefined) return undefined;
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(parseJson);
  return lines.length > 0 && lines.every(isObject) ? lines : undefined;
}
