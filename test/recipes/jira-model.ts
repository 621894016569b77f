import { allowOnly, refuse, type ApiModel } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** An issue in Jira's format. */
export interface Issue {
  readonly id: string;
  readonly key: string;
  readonly self: string;
  readonly fields: { readonly summary: string; readonly status: object; readonly updated: string };
}

/** Issues, each updated a minute after the previous one, in the zone of the user: New York in winter. */
export function issuesOf(count: number): readonly Issue[] {
  return rowsOf(count, (number) => ({
    id: String(10_000 + number),
    key: `ACME-${number}`,
    self: `https://acme.atlassian.net/rest/api/3/issue/${10_000 + number}`,
    fields: {
      summary: `Issue ${number}`,
      status: { name: "Open" },
      updated: minutesLater(number - 300).replace("00Z", "07.250-0500"),
    },
  }));
}

/** Jira Cloud's search, which ends with a page without a token. */
export function jiraCloud(issues: readonly Issue[]): ApiModel {
  return {
    origin: "https://acme.atlassian.net",
    toError: (_status, message) => ({ errorMessages: [message], errors: {} }),
    check: ({ headers }) => {
      const pair = Buffer.from("reports@example.com:t0ken").toString("base64");
      if (headers.authorization !== `Basic ${pair}`)
        refuse(401, "Client must be authenticated to access this resource.");
    },
    routes: {
      "GET /rest/api/3/search/jql": ({ query }) => {
        allowOnly(query, "jql", "fields", "maxResults", "nextPageToken");
        if (query.get("fields") !== "summary,status,updated") refuse(400, "the test needs these fields");
        const found = search(issues, query.get("jql") ?? "");
        const size = Math.min(Number(query.get("maxResults") ?? 50), 5000);
        const token = query.get("nextPageToken");
        const start =
          token === null
            ? 0
            : Number(/^Ch0jU(\d+)$/.exec(token)?.[1] ?? refuse(400, "invalid nextPageToken"));
        const isLast = start + size >= found.length;
        const page = found.slice(start, start + size);
        return { body: { issues: page, isLast, ...(!isLast && { nextPageToken: `Ch0jU${start + size}` }) } };
      },
    },
  };
}

/** Jira Data Center's search, whose administrator allows at most `cap` issues per page. */
export function jiraDataCenter(issues: readonly Issue[], cap: number): ApiModel {
  return {
    origin: "https://jira.example.com",
    toError: (_status, message) => ({ errorMessages: [message], errors: {} }),
    check: ({ headers }) => {
      if (headers.authorization !== "Bearer t0ken")
        refuse(401, "Client must be authenticated to access this resource.");
    },
    routes: {
      "GET /rest/api/2/search": ({ query }) => {
        allowOnly(query, "jql", "fields", "maxResults", "startAt", "expand");
        const found = search(issues, query.get("jql") ?? "");
        const startAt = Number(query.get("startAt") ?? 0);
        const maxResults = Math.min(Number(query.get("maxResults") ?? 50), cap);
        const page = found.slice(startAt, startAt + maxResults);
        return { body: { expand: "names,schema", startAt, maxResults, total: found.length, issues: page } };
      },
    },
  };
}

function search(issues: readonly Issue[], jql: string): readonly Issue[] {
  const query = /^updated >= "(\d{4}-\d\d-\d\d) (\d\d:\d\d)" ORDER BY updated (ASC|DESC)$/.exec(jql);
  const [, day = "", time = "", order = ""] = query ?? refuse(400, `Error in the JQL Query: ${jql}`);
  const since = Date.parse(`${day}T${time}:00-05:00`);
  const found = issues.filter((issue) => instantOf(issue) >= since);
  return sortBy(found, instantOf, order.toLowerCase());
}

function instantOf({ fields }: Issue): number {
  return Date.parse(fields.updated.replace("-0500", "-05:00"));
}
