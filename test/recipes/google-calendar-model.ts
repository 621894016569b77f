import { allowOnly, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { minutesLater, rowsOf } from "./recipe.js";

/** An event in Google's format. */
export interface CalendarEvent {
  readonly id: string;
  readonly status: string;
  readonly summary?: string;
  readonly updated?: string;
  /** The time of the last change, which responses do not contain. */
  readonly changed: number;
}

/** Events, each changed after the previous one. */
export function calendarEventsOf(count: number): readonly CalendarEvent[] {
  return rowsOf(count, (number) => ({
    id: `event${number}`,
    status: "confirmed",
    summary: `Event ${number}`,
    updated: minutesLater(number),
    changed: number,
  }));
}

/** Google's calendar `primary`. Sync tokens before `oldest` have expired. */
export function googleCalendar(events: readonly CalendarEvent[], oldest = 0): ApiModel {
  const lists: { readonly rows: readonly CalendarEvent[]; readonly token: string }[] = [];
  return {
    origin: "https://www.googleapis.com",
    toError: (code, message) => {
      const reason = code === 410 ? "fullSyncRequired" : code === 401 ? "authError" : "invalid";
      return { error: { errors: [{ domain: "global", reason, message }], code, message } };
    },
    check: ({ headers }) => {
      if (headers.authorization !== "Bearer ya29") refuse(401, "Invalid Credentials");
    },
    routes: {
      "POST https://oauth2.googleapis.com/token": ({ body }) => {
        const form = new URLSearchParams(body);
        allowOnly(form, "grant_type", "refresh_token", "client_id", "client_secret");
        if (form.get("grant_type") !== "refresh_token" || form.get("refresh_token") !== "1//refresh")
          return {
            status: 400,
            body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
          };
        return { body: { access_token: "ya29", expires_in: 3599, token_type: "Bearer" } };
      },
      "GET /calendar/v3/calendars/primary/events": list,
      "GET /calendar/v3/calendars/:id/events": () => refuse(404, "Not Found"),
    },
  };

  function list({ query }: Call): Reply {
    allowOnly(query, "singleEvents", "timeMin", "maxResults", "pageToken", "syncToken");
    const size = Number(query.get("maxResults") ?? 250);
    if (size > 2500) refuse(400, "Invalid value for maxResults");
    if (query.get("singleEvents") !== "true") refuse(400, "singleEvents must be the same in every request");
    const syncToken = query.get("syncToken");
    if (syncToken !== null && query.has("timeMin")) refuse(400, "Sync token cannot be used with timeMin");
    const since = syncToken === null ? 0 : Number(/^c3luYw(\d+)$/.exec(syncToken)?.[1] ?? -1);
    if (since < oldest && syncToken !== null)
      refuse(410, "Sync token is no longer valid, a full sync is required.");
    const [, index, start] = /^list(\d+)from(\d+)$/.exec(query.get("pageToken") ?? "") ?? [];
    if (query.has("pageToken") && index === undefined) refuse(400, "Invalid page token value.");
    return index === undefined ? open(since, size) : toPage(Number(index), { start: Number(start), size });
  }

  /** All pages show the state of the calendar at the first page. */
  function open(since: number, size: number): Reply {
    const latest = Math.max(since, ...events.map(({ changed }) => changed));
    const rows = events.filter(
      ({ changed, status }) => changed > since && (since > 0 || status !== "cancelled"),
    );
    lists.push({ rows, token: `c3luYw${latest}` });
    return toPage(lists.length - 1, { start: 0, size });
  }

  function toPage(index: number, { start, size }: { start: number; size: number }): Reply {
    const { rows, token } = lists[index] ?? refuse(400, "Invalid page token value.");
    const items = rows.slice(start, start + size).map(toItem);
    const next =
      start + size < rows.length
        ? { nextPageToken: `list${index}from${start + size}` }
        : { nextSyncToken: token };
    return { body: { kind: "calendar#events", summary: "primary", timeZone: "UTC", items, ...next } };
  }
}

/** Returns an event without the fields that only the model has. */
export function toItem({ changed: _, ...event }: CalendarEvent): object {
  return event;
}
