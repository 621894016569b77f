import { allowOnly, refuse, type ApiModel, type Call, type Reply } from "./api.js";
import { rowsOf } from "./recipe.js";

/** A user in the format of Microsoft Graph. */
export interface GraphUser {
  readonly id: string;
  readonly displayName?: string;
  readonly mail?: string | null;
  readonly "@removed"?: { readonly reason: string };
  /** The time of the last change, which responses do not contain. */
  readonly changed: number;
}

/** Users, each changed after the previous one. */
export function graphUsersOf(count: number): readonly GraphUser[] {
  return rowsOf(count, (number) => ({
    id: `10000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    displayName: `User ${number}`,
    mail: number % 4 === 0 ? null : `user${number}@example.com`,
    changed: number,
  }));
}

const url = "https://graph.microsoft.com/v1.0";

/** Microsoft Graph. Delta links before `oldest` have expired. */
export function microsoftGraph(users: readonly GraphUser[], oldest = 0): ApiModel {
  const lists: { readonly rows: readonly object[]; readonly latest: number }[] = [];
  return {
    origin: "https://graph.microsoft.com",
    toError: (status, message) => ({
      error: {
        code:
          status === 410 ? "syncStateNotFound" : status === 401 ? "InvalidAuthenticationToken" : "BadRequest",
        message,
        innerError: { "request-id": "00000000-0000-4000-8000-000000000000" },
      },
    }),
    check: ({ headers }) => {
      if (headers.authorization !== "Bearer eyJ0") refuse(401, "Access token is empty.");
    },
    routes: {
      "POST https://login.microsoftonline.com/example.com/oauth2/v2.0/token": ({ body }) => {
        const form = new URLSearchParams(body);
        allowOnly(form, "grant_type", "client_id", "client_secret", "scope");
        if (
          form.get("scope") !== "https://graph.microsoft.com/.default" ||
          form.get("client_secret") !== "s3cret"
        )
          return {
            status: 401,
            body: { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret." },
          };
        return { body: { token_type: "Bearer", expires_in: 3599, access_token: "eyJ0" } };
      },
      "GET /v1.0/users/delta": delta,
      "GET /v1.0/groups": ({ query }) => {
        allowOnly(query, "$select", "$top", "$skiptoken");
        const [skip, top] = [Number(query.get("$skiptoken") ?? 0), Number(query.get("$top") ?? 100)];
        if (top > 999) refuse(400, "Invalid page size specified. Must be between 1 and 999 inclusive.");
        const groups = rowsOf(1200, (number) => ({ id: `g${number}`, displayName: `Group ${number}` }));
        query.set("$skiptoken", String(skip + top));
        const next =
          skip + top < groups.length ? { "@odata.nextLink": `${url}/groups?${query.toString()}` } : {};
        return { body: { value: groups.slice(skip, skip + top), ...next } };
      },
    },
  };

  function delta({ query }: Call): Reply {
    const [skip, token] = [query.get("$skiptoken"), query.get("$deltatoken")];
    if (skip === null && token === null) allowOnly(query, "$select");
    else allowOnly(query, skip === null ? "$deltatoken" : "$skiptoken");
    if (skip !== null) return toPage(...(skip.split("-").map(Number) as [number, number]));
    const since = Number(token ?? 0);
    if (token !== null && since < oldest) refuse(410, "The sync state generation is not found.");
    const rows = users.filter((user) => user.changed > since && (since > 0 || !user["@removed"])).map(toUser);
    lists.push({ rows, latest: Math.max(since, ...users.map(({ changed }) => changed)) });
    return toPage(lists.length - 1, 0);
  }

  /** All pages show the state of the tenant at the first page. */
  function toPage(index: number, start: number): Reply {
    const { rows, latest } = lists[index] ?? refuse(400, "Invalid skip token");
    const end = start + 100;
    const link = `${url}/users/delta?$`;
    const next =
      end < rows.length
        ? { "@odata.nextLink": `${link}skiptoken=${index}-${end}` }
        : { "@odata.deltaLink": `${link}deltatoken=${latest}` };
    return { body: { "@odata.context": `${url}/$metadata#users`, value: rows.slice(start, end), ...next } };
  }
}

/** Returns a user without the fields that only the model has. */
export function toUser({ changed: _, ...user }: GraphUser): object {
  return user;
}
