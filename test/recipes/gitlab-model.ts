import { allowOnly, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** An issue in GitLab's format. */
export interface Issue {
  readonly id: number;
  readonly iid: number;
  readonly project_id: number;
  readonly title: string;
  readonly state: string;
  readonly updated_at: string;
}

/** Issues, each updated a minute after the previous one. */
export function issuesOf(count: number): readonly Issue[] {
  return rowsOf(count, (number) => ({
    id: 70_000 + number,
    iid: number,
    project_id: 4,
    title: `Issue ${number}`,
    state: "opened",
    updated_at: minutesLater(number).replace("Z", ".123Z"),
  }));
}

/** Projects with gaps between their ids. */
export function projectsOf(
  count: number,
): readonly { readonly id: number; readonly path_with_namespace: string }[] {
  return rowsOf(count, (number) => ({
    id: number * 3,
    path_with_namespace: `acme/project-${number}`,
    last_activity_at: minutesLater(number),
  }));
}

/** GitLab's REST API. */
export function gitLab({
  issues = [],
  projects = [],
}: {
  readonly issues?: readonly Issue[];
  readonly projects?: readonly { readonly id: number }[];
}): ApiModel {
  return {
    origin: "https://gitlab.example.com",
    toError: (status, message) =>
      status === 403 ? { error: "insufficient_scope", error_description: message } : { message },
    check: ({ headers }) => {
      if (headers["private-token"] === "glpat-narrow") refuse(403, "The request requires higher privileges.");
      if (headers["private-token"] !== "glpat-1") refuse(401, "401 Unauthorized");
    },
    routes: {
      "GET /api/v4/issues": ({ query }) => {
        allowOnly(query, "scope", "order_by", "sort", "updated_after", "per_page", "page");
        if (query.get("scope") !== "all") refuse(400, "only your own issues");
        if (query.get("order_by") !== "updated_at") refuse(400, "order_by: updated_at is needed here");
        const since = query.get("updated_after") ?? "";
        return byPage(
          query,
          sortBy(
            issues.filter(({ updated_at }) => updated_at >= since),
            ({ updated_at }) => updated_at,
            query.get("sort") ?? "desc",
          ),
        );
      },
      "GET /api/v4/projects": (call) => byKeyset(call, projects),
    },
  };
}

function byPage(query: URLSearchParams, rows: readonly unknown[]): Reply {
  const size = Math.min(Number(query.get("per_page") ?? 20), 100);
  const page = Number(query.get("page") ?? 1);
  if (!Number.isInteger(page) || page < 1) refuse(400, "page is invalid");
  const last = Math.max(1, Math.ceil(rows.length / size));
  return {
    body: rows.slice((page - 1) * size, page * size),
    headers: {
      "x-page": String(page),
      "x-per-page": String(size),
      "x-prev-page": page > 1 ? String(page - 1) : "",
      "x-next-page": page < last ? String(page + 1) : "",
      "x-total": String(rows.length),
      "x-total-pages": String(last),
    },
  };
}

function byKeyset({ origin, path, query }: Call, rows: readonly { readonly id: number }[]): Reply {
  allowOnly(query, "membership", "pagination", "order_by", "sort", "per_page", "id_after", "cursor");
  if (query.get("pagination") !== "keyset" || query.get("order_by") !== "id")
    refuse(405, "Keyset pagination is required");
  const size = Math.min(Number(query.get("per_page") ?? 20), 100);
  const rest = rows.filter(({ id }) => id > Number(query.get("id_after") ?? 0));
  const page = rest.slice(0, size);
  const next = new URLSearchParams(query);
  next.set("id_after", String(page.at(-1)?.id));
  return {
    body: page,
    headers: rest.length > size ? { link: `<${origin}${path}?${next.toString()}>; rel="next"` } : {},
  };
}
