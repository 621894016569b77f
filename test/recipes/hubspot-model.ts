import { allowOnly, jsonOf, refuse, type ApiModel } from "./api.js";
import { minutesLater, rowsOf, sortBy } from "./recipe.js";

/** A contact in HubSpot's format. */
export interface Contact {
  readonly id: string;
  readonly properties: {
    readonly email: string | null;
    readonly hs_object_id: string;
    readonly lastmodifieddate: string;
  };
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly archived: boolean;
}

/** Contacts, each modified a minute after the previous one. Their ids have different lengths. */
export function contactsOf(count: number): readonly Contact[] {
  return rowsOf(count, (number) => {
    const time = minutesLater(number).replace("Z", ".000Z");
    return {
      id: String(900 + number),
      properties: {
        email: number % 9 === 0 ? null : `person${number}@example.com`,
        hs_object_id: String(900 + number),
        lastmodifieddate: time,
      },
      createdAt: "2024-01-01T00:00:00.000Z",
      updatedAt: time,
      archived: false,
    };
  });
}

interface Search {
  readonly filterGroups?: readonly { readonly filters: readonly Filter[] }[];
  readonly sorts?: readonly { readonly propertyName: string; readonly direction: string }[];
  readonly limit?: number;
  readonly after?: string;
}

interface Filter {
  readonly propertyName: "hs_object_id" | "lastmodifieddate";
  readonly operator: "GT" | "GTE";
  readonly value: string | number;
}

/** HubSpot's contacts: the list and the search. */
export function hubSpot(contacts: readonly Contact[]): ApiModel {
  return {
    origin: "https://api.hubapi.com",
    toError: (status, message) => ({
      status: "error",
      message,
      correlationId: "00000000-0000-4000-8000-000000000000",
      category: status === 401 ? "INVALID_AUTHENTICATION" : "VALIDATION_ERROR",
    }),
    check: ({ headers }) => {
      if (headers.authorization !== "Bearer pat-1") refuse(401, "Authentication credentials not found.");
    },
    routes: {
      "GET /crm/v3/objects/contacts": ({ query }) => {
        allowOnly(query, "limit", "after", "properties", "archived");
        const limit = Number(query.get("limit") ?? 10);
        if (limit > 100) refuse(400, "limit must be at most 100");
        const after = Number(query.get("after") ?? 0);
        const rest = sortBy(contacts, ({ id }) => Number(id)).filter(({ id }) => Number(id) >= after);
        return { body: { results: rest.slice(0, limit), ...pagingTo(rest[limit]?.id) } };
      },
      "POST /crm/v3/objects/contacts/search": (call) => {
        const search: Search = jsonOf(call, "filterGroups", "sorts", "properties", "limit", "after");
        const { limit = 10, after = "0" } = search;
        if (limit > 200) refuse(400, "limit must be at most 200");
        if (Number(after) + limit > 10_000) refuse(400, "The search is limited to 10,000 results");
        if (search.sorts?.[0]?.propertyName !== "hs_object_id") refuse(400, "sorts: the test needs an order");
        const found = sortBy(
          contacts.filter((contact) => matches(contact, search)),
          ({ id }) => Number(id),
        );
        const end = Number(after) + limit;
        const results = found.slice(Number(after), end);
        return {
          body: { total: found.length, results, ...pagingTo(end < found.length ? String(end) : undefined) },
        };
      },
    },
  };
}

function pagingTo(after: string | undefined): object {
  return after === undefined
    ? {}
    : { paging: { next: { after, link: `https://api.hubapi.com/?after=${after}` } } };
}

/** Whether a contact matches all filters of a group. */
function matches({ properties }: Contact, { filterGroups = [] }: Search): boolean {
  return filterGroups.some(({ filters }) =>
    filters.every(({ propertyName, operator, value }) => {
      const isTime = propertyName === "lastmodifieddate";
      const own = isTime ? Date.parse(properties.lastmodifieddate) : Number(properties[propertyName]);
      if (!/^\d+$/.test(String(value))) refuse(400, `${propertyName}: ${value} is not a number`);
      return operator === "GT" ? own > Number(value) : own >= Number(value);
    }),
  );
}
