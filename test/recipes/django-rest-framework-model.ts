import { allowOnly, refuse, type ApiModel } from "./api.js";
import { rowsOf, sortBy } from "./recipe.js";

/** A task of the project. */
export interface Task {
  readonly id: number;
  readonly title: string;
  readonly modified: string;
}

/** Tasks, each modified a microsecond after the previous one. */
export function tasksOf(count: number): readonly Task[] {
  return rowsOf(count, (id) => ({
    id,
    title: `Task ${id}`,
    modified: `2024-01-01T00:00:00.${String(id).padStart(6, "0")}Z`,
  }));
}

/** A project with page numbers behind a proxy, so that its links start with `http:`. */
export function djangoRestFramework(tasks: readonly Task[]): ApiModel {
  return {
    origin: "https://tasks.example.com",
    toError: (_status, detail) => ({ detail }),
    check: ({ headers }) => {
      if (headers.authorization !== "Token t0ken") refuse(401, "Invalid token.");
    },
    routes: {
      "GET /api/tasks/": ({ origin, path, query }) => {
        allowOnly(query, "page", "page_size", "ordering", "modified__gte");
        const [, sign, name] = /^(-?)(\w+)$/.exec(query.get("ordering") ?? "") ?? [];
        if (name !== "modified") refuse(400, "UnorderedObjectListWarning");
        const since = query.get("modified__gte") ?? "";
        const newer = tasks.filter(({ modified }) => modified >= since);
        const found = sortBy(newer, ({ modified }) => modified, sign === "-" ? "desc" : "asc");
        const size = Math.min(Number(query.get("page_size") ?? 20), 100);
        const page = Number(query.get("page") ?? 1);
        if (page < 1 || (page > 1 && (page - 1) * size >= found.length)) refuse(404, "Invalid page.");
        const link = (number: number): string | null => {
          if (number < 1 || (number - 1) * size >= found.length) return null;
          const next = new URLSearchParams(query);
          next.set("page", String(number));
          return `${origin.replace("https:", "http:")}${path}?${next.toString()}`;
        };
        const results = found.slice((page - 1) * size, page * size);
        return { body: { count: found.length, next: link(page + 1), previous: link(page - 1), results } };
      },
      "GET /api/tasks": () => ({ status: 301, headers: { location: "/api/tasks/" } }),
    },
  };
}
