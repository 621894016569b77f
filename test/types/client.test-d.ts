/**
 * Code for a generated client that the compiler must accept or reject. Checked by `test/compatibility.test.ts` under every
 * supported TypeScript, with no DOM and no Node types around.
 */
import { createAnalytics, type Analytics, type Course } from "../../generated/analytics.js";
import type { Checkpoint, RecordStream, Resource } from "@connector-gen/runtime";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function assert<T extends true>(): T;

const analytics: Analytics = createAnalytics({ apiKey: "k" });
createAnalytics();
createAnalytics({ apiKey: () => "k" });
createAnalytics({ apiKey: undefined });
createAnalytics({ apiKey: async () => "k", retry: { maxRetries: 1 }, concurrency: 1, timeoutMs: 5000 });
// @ts-expect-error a secret is text or a function
createAnalytics({ apiKey: 1 });
// @ts-expect-error no such option
createAnalytics({ apikey: "k" });

assert<Equal<ReturnType<Analytics["courses"]>, RecordStream<Course>>>();
assert<Equal<Course["level"], "beginner" | "intermediate" | "advanced" | null>>();
assert<Equal<Course["id"], number>>();
assert<Equal<undefined extends Course["tags"] ? true : false, true>>();

export async function read(from: Checkpoint): Promise<Course | undefined> {
  for await (const course of analytics.courses({ from, maxPages: 2, validate: "off" })) {
    const name: string = course.name;
    // @ts-expect-error records are read-only
    course.name = name;
    // @ts-expect-error no such field
    course.nmae;
  }
  for await (const page of analytics.users().pages()) {
    const checkpoint: Checkpoint = page.checkpoint;
    JSON.stringify([checkpoint, page.records.length, page.number]);
  }
  const some: Course[] = await analytics.courses().toArray({ max: 3 });
  void some;
  // @ts-expect-error courses take no parameters
  analytics.courses({}, { from });
  return await analytics.courses().first();
}

export const misspelt: Resource<Course> = {
  name: "courses",
  path: "/",
  select: [],
  paginator: analyticsPaginator(),
  // @ts-expect-error the key is no field of the record
  primaryKey: ["idd"],
};

declare function analyticsPaginator(): Resource<Course>["paginator"];

/** `undefined` means "not given", also under `exactOptionalPropertyTypes`. */
declare const settings: { readonly retries: number | undefined; readonly last: Checkpoint | undefined };
createAnalytics({ retry: { maxRetries: settings.retries }, timeoutMs: undefined });
analytics.courses({ from: settings.last, signal: undefined });
