import { allowOnly, refuse, requireHeader, type ApiModel, type Call, type Reply } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** An issue in GitHub's format. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly updated_at: string;
  readonly pull_request?: object;
}

/** Issues, each updated a minute after the previous one. */
export function issuesOf(count: number): readonly Issue[] {
  return rowsOf(count, (number) => ({
    id: 9_000_000_000 + number,
    number,
    title: `Issue ${number}`,
    state: number % 3 === 0 ? "closed" : "open",
    updated_at: minutesLater(number),
    ...(number % 10 === 0 && {
      pull_request: { url: `https://api.github.com/repos/acme/tools/pulls/${number}` },
    }),
  }));
}

/** GitHub's REST API. */
export function gitHub(issues: readonly Issue[]): ApiModel {
  return {
    origin: "https://api.github.com",
    toError: (status, message) => ({
      message,
      documentation_url: "https://docs.github.com/rest",
      status: String(status),
    }),
    check: (call) => {
      if (!call.headers["user-agent"]?.includes("my-app"))
        refuse(403, "Please make sure your request has a User-Agent header");
      if (call.headers.authorization !== "Bearer t0ken") refuse(401, "Bad credentials");
      requireHeader(call, "Accept", "application/vnd.github+json");
      requireHeader(call, "X-GitHub-Api-Version", "2022-11-28");
    },
    routes: {
      "GET /repos/acme/tools/issues": (call) => {
        allowOnly(call.query, "state", "sort", "direction", "since", "per_page", "page");
        if (call.query.get("sort") !== "updated") refuse(422, "Validation Failed");
        const since = call.query.get("since") ?? "";
        return toPage(
          call,
          sortBy(
            issues.filter(({ updated_at }) => updated_at >= since),
            ({ updated_at }) => updated_at,
            call.query.get("direction") ?? "desc",
          ),
        );
      },
      "GET /orgs/acme/repos": (call) => {
        allowOnly(call.query, "type", "sort", "per_page", "page");
        return toPage(call, [{ id: 1, name: "tools", full_name: "acme/tools", private: false }]);
      },
    },
  };
}

function toPage({ origin, path, query }: Call, rows: readonly unknown[]): Reply {
  const size = Math.min(Number(query.get("per_page") ?? 30), 100);
  const page = Number(query.get("page") ?? 1);
  const last = Math.max(1, Math.ceil(rows.length / size));
  const link = (number: number, rel: string): string => {
    const next = new URLSearchParams(query);
    next.set("page", String(number));
    return `<${origin}${path}?${next.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, "prev")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ...(page > 1 ? [link(1, "first")] : []),
  ];
  return {
    body: rows.slice((page - 1) * size, page * size),
    headers: {
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": "4999",
      ...(links.length > 0 && { link: links.join(", ") }),
    },
  };
}
