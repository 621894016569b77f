import { customers, messages, orders, tasks } from "./items.js";
import { feedItems, named, quakes, serviceRequests } from "./public-items.js";
import { number, pageAt, strict, token, type Shape } from "./shape.js";

/** Shapes of open data, feeds, health records, accounting and media. */
export const openDataShapes: readonly Shape[] = [
  {
    name: "USGS: GeoJSON features in one page",
    path: "/earthquakes/feed/v1.0/summary/all_day.geojson",
    items: quakes(32),
    reply: (_, all) => ({
      body: {
        type: "FeatureCollection",
        metadata: {
          generated: 1704096000000,
          url: "https://example.com/feed",
          title: "All",
          status: 200,
          api: "1.10.3",
          count: all.length,
        },
        features: all,
        bbox: [-179.8, -61.2, -3.4, 179.9, 70.1, 600.3],
      },
    }),
    selector: "features",
    // The response does not show whether there is a second page.
    endpoint: {},
    key: "id",
  },
  {
    name: "CKAN: result.results and result.count, paged by start and rows",
    path: "/api/3/action/package_search",
    items: tasks(25),
    reply: (ask, all) =>
      strict(ask, ["start", "rows", "q"], () => ({
        body: {
          help: "https://example.com/help",
          success: true,
          result: {
            count: all.length,
            facets: {},
            results: pageAt(all, number(ask, "start", 0), number(ask, "rows", 10)),
            sort: "score desc",
          },
        },
      })),
    selector: "result.results",
    endpoint: {
      paginator: {
        type: "offset",
        limit: 10,
        limit_param: "rows",
        offset_param: "start",
        total_path: "result.count",
      },
    },
    key: "gid",
    requests: 8,
  },
  {
    name: "PokeAPI: next and previous with names and URLs",
    path: "/api/v2/pokemon",
    items: named(45, () => "https://pokeapi.example"),
    reply: (ask, all) => {
      const offset = number(ask, "offset", 0);
      const url = (at: number): string | null =>
        at >= 0 && at < all.length ? `${ask.base}/api/v2/pokemon?offset=${at}&limit=20` : null;
      return {
        body: {
          count: all.length,
          next: url(offset + 20),
          previous: url(offset - 20),
          results: pageAt(all, offset, 20),
        },
      };
    },
    selector: "results",
    endpoint: { paginator: { type: "json_link", next_url_path: "next" } },
    key: "name",
  },
  {
    name: "JSON Feed: items and next_url",
    path: "/feed.json",
    items: feedItems(25),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      return {
        body: {
          ...{
            version: "https://jsonfeed.org/version/1.1",
            title: "Notes",
            home_page_url: "https://blog.example.org/",
            feed_url: `${ask.base}/feed.json`,
          },
          ...(page * 10 < all.length && { next_url: `${ask.base}/feed.json?page=${page + 1}` }),
          ...{ authors: [{ name: "A" }], items: pageAt(all, (page - 1) * 10, 10) },
        },
      };
    },
    selector: "items",
    endpoint: { paginator: { type: "json_link", next_url_path: "next_url" } },
    key: "id",
  },
  {
    name: "Socrata: a bare list of a thousand, paged by $offset and $limit",
    path: "/resource/erm2-nwe9.json",
    items: serviceRequests(1500),
    reply: (ask, all) =>
      strict(ask, ["$offset", "$limit", "$order", "$where"], () => ({
        body: pageAt(all, number(ask, "$offset", 0), number(ask, "$limit", 1000)),
      })),
    selector: "$",
    endpoint: {
      paginator: {
        type: "offset",
        limit: 1000,
        limit_param: "$limit",
        offset_param: "$offset",
      },
    },
    key: "unique_key",
    requests: 8,
  },
  {
    name: "Zoom: next_page_token beside page_size and total_records",
    path: "/v2/users",
    items: customers(25),
    reply: (ask, all) => {
      const at = token.at(ask.query.get("next_page_token") || undefined);
      return {
        body: {
          page_count: 3,
          page_size: 10,
          total_records: all.length,
          next_page_token: at + 10 < all.length ? token.of(at + 10) : "",
          users: pageAt(all, at, 10),
        },
      };
    },
    selector: "users",
    endpoint: {
      paginator: { type: "cursor", cursor_path: "next_page_token", cursor_param: "next_page_token" },
    },
    key: "id",
    requests: 4,
  },
  {
    name: "FHIR: a bundle of entries, and links by relation",
    path: "/fhir/Patient",
    items: customers(25),
    reply: (ask, all) => {
      const at = number(ask, "_getpagesoffset", 0);
      const entry = pageAt(all, at, 10).map((resource) => ({
        fullUrl: `${ask.base}/fhir/Patient/${String(resource["id"])}`,
        resource,
        search: { mode: "match" },
      }));
      const next =
        at + 10 < all.length
          ? [{ relation: "next", url: `${ask.base}/fhir/Patient?_getpagesoffset=${at + 10}` }]
          : [];
      return {
        body: {
          resourceType: "Bundle",
          id: "b1",
          type: "searchset",
          total: all.length,
          link: [{ relation: "self", url: `${ask.base}/fhir/Patient` }, ...next],
          entry,
        },
      };
    },
    selector: "entry[*].resource",
    endpoint: { paginator: { type: "json_link", next_url_path: "link[?(@.relation=='next')].url" } },
    key: "id",
  },
  {
    name: "Xero: a list under its name beside an Id and a Status, paged by page",
    path: "/api.xro/2.0/Invoices",
    items: tasks(250),
    reply: (ask, all) =>
      strict(ask, ["page", "where", "order"], () => ({
        body: {
          Id: "e997d6d7",
          Status: "OK",
          ProviderName: "App",
          Invoices: pageAt(all, (number(ask, "page", 1) - 1) * 100, 100),
        },
      })),
    selector: "Invoices",
    endpoint: { paginator: { type: "page_number", base_page: 1 } },
    key: "gid",
    requests: 8,
  },
  {
    name: "GitLab: the number of the next page in a header",
    path: "/api/v4/projects",
    items: orders(45),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      const last = Math.ceil(all.length / 20);
      return {
        body: pageAt(all, (page - 1) * 20, 20),
        headers: {
          "x-page": String(page),
          "x-per-page": "20",
          "x-next-page": page < last ? String(page + 1) : "",
          "x-total": String(all.length),
          "x-total-pages": String(last),
        },
      };
    },
    selector: "$",
    endpoint: { paginator: { type: "header_cursor", cursor_key: "X-Next-Page", cursor_param: "page" } },
    key: "id",
  },
  {
    name: "Mailgun: paging.next that leads to an empty page at the end",
    path: "/v3/example.org/events",
    items: feedItems(25),
    reply: (ask, all) => {
      const at = token.at(ask.query.get("page") ?? undefined);
      const url = (to: number): string => `${ask.base}/v3/example.org/events?page=${token.of(to)}`;
      return {
        body: {
          items: pageAt(all, at, 10),
          paging: { next: url(at + 10), previous: url(Math.max(0, at - 10)), first: url(0), last: url(20) },
        },
      };
    },
    selector: "items",
    endpoint: { paginator: { type: "json_link", next_url_path: "paging.next", stop_after_empty_page: true } },
    key: "id",
  },
  {
    name: "Chargebee: each record in an object, and next_offset",
    path: "/api/v2/customers",
    items: customers(25),
    reply: (ask, all) => {
      const at = token.at(ask.query.get("offset") ?? undefined);
      return {
        body: {
          list: pageAt(all, at, 10).map((customer) => ({ customer })),
          ...(at + 10 < all.length && { next_offset: token.of(at + 10) }),
        },
      };
    },
    selector: "list[*].customer",
    endpoint: { paginator: { type: "cursor", cursor_path: "next_offset", cursor_param: "offset" } },
    key: "id",
  },
  {
    name: "Vimeo: paging.next without an origin, beside total and page",
    path: "/me/videos",
    items: messages(30),
    reply: (ask, all) => {
      const page = number(ask, "page", 1);
      const url = (to: number): string | null =>
        to > 0 && (to - 1) * 12 < all.length ? `/me/videos?page=${to}` : null;
      return {
        body: {
          total: all.length,
          page,
          per_page: 12,
          paging: {
            next: url(page + 1),
            previous: url(page - 1),
            first: "/me/videos?page=1",
            last: "/me/videos?page=3",
          },
          data: pageAt(all, (page - 1) * 12, 12),
        },
      };
    },
    selector: "data",
    endpoint: { paginator: { type: "json_link", next_url_path: "paging.next" } },
    key: "id",
  },
];
