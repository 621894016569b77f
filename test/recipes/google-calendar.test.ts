import { describe, expect, it } from "vitest";
import { startApi, type Reply } from "./api.js";
import { calendarEventsOf, googleCalendar, toItem, type CalendarEvent } from "./google-calendar-model.js";
import { openRecipe, readRun, testScenario } from "./recipe.js";

const recipe = await openRecipe("google-calendar");
const options = { clientId: "c1", clientSecret: "s3cret", refreshToken: "1//refresh" };
const events = calendarEventsOf(6000);
const params = { calendar_id: "primary" };
const deleted: CalendarEvent = { id: "event7", status: "cancelled", changed: 6001 };
const later = [...events.filter(({ id }) => id !== "event7"), deleted];

describe("Google Calendar", () => {
  testScenario({
    recipe,
    api: googleCalendar,
    options,
    read: (client, read) => client("events", params, read),
    rows: events,
    toRecord: toItem,
    pages: [2500, 2500, 1000],
    change: (event) => ({ ...event, summary: "Changed", changed: 7000 }),
    later: { rows: later, want: [toItem(deleted)] },
    limited: {
      reply: (): Reply => ({
        status: 403,
        body: {
          error: {
            errors: [{ domain: "usageLimits", reason: "rateLimitExceeded", message: "Rate Limit Exceeded" }],
            code: 403,
            message: "Rate Limit Exceeded",
          },
        },
      }),
      waitMs: 0,
    },
    refused: { options: { refreshToken: "other" }, message: /token request .*status 400 \(invalid_grant\)/ },
  });

  it("sends the sync token of the last run, and no filter", async () => {
    const api = await startApi(googleCalendar(events));
    const client = recipe.connect(api, options);
    const { checkpoint } = await readRun(client("events", params));
    expect(await client("events", params, { from: checkpoint }).toArray()).toEqual([]);
    const query = api.calls.at(-1)?.query;
    expect(query?.get("syncToken")).toBe("c3luYw6000");
    expect(query?.has("timeMin")).toBe(false);
  });

  it("follows the pages of a later run with both tokens", async () => {
    const first = await startApi(googleCalendar(events.slice(0, 10)));
    const { checkpoint } = await readRun(recipe.connect(first, options)("events", params));
    const second = await startApi(googleCalendar(events));
    const run = await readRun(recipe.connect(second, options)("events", params, { from: checkpoint }));
    expect(run.records).toEqual(events.slice(10).map(toItem));
    expect(run.sizes).toEqual([2500, 2500, 990]);
    expect(second.calls.at(-1)?.query.has("syncToken")).toBe(true);
  });

  it("reads everything again after a 410", async () => {
    const first = await startApi(googleCalendar(events.slice(0, 10)));
    const { checkpoint } = await readRun(recipe.connect(first, options)("events", params));
    const second = await startApi(googleCalendar(events.slice(0, 20), 15));
    const warnings: string[] = [];
    const logger = { warn: (text: string) => warnings.push(text), error: () => undefined };
    const client = recipe.connect(second, { ...options, logger });
    const run = await readRun(client("events", params, { from: checkpoint }));
    expect(run.records).toEqual(events.slice(0, 20).map(toItem));
    expect(warnings.join("\n")).toMatch(/410/);
    expect(second.calls.at(-1)?.query.has("timeMin")).toBe(true);
  });
});
