import { pageAt, type Ask, type Item, type Reply } from "./shape.js";

/** An API with a list of parents and lists of their children. */
export interface ChildShape {
  readonly name: string;
  /** The path of the parents. */
  readonly parents: string;
  /** The endpoint of the parents, besides its path. */
  readonly endpoint: object;
  readonly parentKey: string;
  /** The path that is added: `/orders/{id}/lines`. */
  readonly path: string;
  /** Returns the response of the server. */
  readonly reply: (ask: Ask) => Reply;
  /** The options of the new resource besides its name, path, method and schema. */
  readonly want: object;
  /** All children in order, as the client returns them. */
  readonly records: readonly Item[];
  /** The maximum number of requests for children, including those for samples. Default 8. */
  readonly requests?: number;
}

const missing: Reply = { status: 404, body: { error: "not found" } };

/** The id in a path of the form `/orders/<id>/lines`. */
function idIn(path: string, form: RegExp): string | undefined {
  return form.exec(path)?.[1];
}

function make(count: number, item: (n: number) => Item): readonly Item[] {
  return Array.from({ length: count }, (_, at) => item(at + 1));
}

const orders = make(4, (n) => ({ id: 100 + n, total: n }));
const lines = (order: number): readonly Item[] =>
  make(3, (n) => ({ order_id: order, line_no: n, sku: `S${order}${n}` }));

const repos = make(3, (n) => ({ name: `repo-${n}`, stars: n }));
const issues = (at: number): readonly Item[] =>
  make(30 + at, (n) => ({ number: n, title: `Issue ${n} of ${at}`, open: n % 2 === 0 }));

const groups = make(3, (n) => ({ id: `g${n}`, name: `Group ${n}` }));
const members = (at: number): readonly Item[] => make(4, (n) => ({ id: n + at, login: `user${n + at}` }));

const playlists = make(3, (n) => ({ id: `pl${n}`, name: `Mix ${n}` }));
const tracks = (at: number): readonly Item[] =>
  make(5, (n) => ({ position: n, added_at: `2024-01-0${n}T00:00:0${at}Z`, track: { title: `Song ${n}` } }));

const boards = make(12, (n) => ({ id: n, name: `Board ${n}` }));
const cards = make(2, (n) => ({ id: 900 + n, text: `Card ${n}` }));

const channels = make(3, (n) => ({ id: n, topic: `Topic ${n}` }));
const chat = (at: number): readonly Item[] =>
  make(25, (n) => ({
    uuid: `5f0c0a52-1b7e-4e3a-9d5f-${String(at * 1000 + n).padStart(12, "0")}`,
    text: `t${n}`,
  }));

const list = { data_selector: "data", paginator: "single_page" };

/** Shapes of children in APIs with parents: their keys, their paging, and parents without children. */
export const childShapes: readonly ChildShape[] = [
  {
    name: "lines that count within their order and name it",
    ...{ parents: "/orders", endpoint: list, parentKey: "id", path: "/orders/{id}/lines" },
    reply: ({ path }) => {
      const id = idIn(path, /^\/orders\/(\d+)\/lines$/);
      if (id !== undefined) return { body: { data: lines(Number(id)) } };
      return path === "/orders" ? { body: { data: orders } } : missing;
    },
    want: {
      primary_key: ["order_id", "line_no"],
      endpoint: { path: "/orders/{resources.orders.id}/lines", ...list },
    },
    records: orders.flatMap(({ id }) => lines(id as number)),
  },
  {
    name: "GitHub: issues numbered within their repository, with the parents' paginator",
    ...{ parents: "/repos", endpoint: { data_selector: "$", paginator: "header_link" } },
    ...{ parentKey: "name", path: "/repos/{name}/issues" },
    reply: ({ path, query, base }) => {
      const name = idIn(path, /^\/repos\/repo-(\d)\/issues$/);
      const all = name === undefined ? repos : issues(Number(name));
      if (name === undefined && path !== "/repos") return missing;
      const page = Number(query.get("page") ?? 1);
      const next = `<${base}${path}?page=${page + 1}>; rel="next"`;
      return {
        body: pageAt(all, (page - 1) * 20, 20),
        headers: page * 20 < all.length ? { link: next } : {},
      };
    },
    want: {
      include_from_parent: ["name"],
      primary_key: ["_repos_name", "number"],
      endpoint: {
        path: "/repos/{resources.repos.name}/issues",
        data_selector: "$",
        paginator: "header_link",
      },
    },
    records: repos.flatMap(({ name }, at) => issues(at + 1).map((each) => ({ ...each, _repos_name: name }))),
  },
  {
    name: "members who belong to several groups",
    ...{ parents: "/groups", endpoint: list, parentKey: "id", path: "/groups/{id}/members" },
    reply: ({ path }) => {
      const id = idIn(path, /^\/groups\/g(\d)\/members$/);
      if (id !== undefined) return { body: { data: members(Number(id)) } };
      return path === "/groups" ? { body: { data: groups } } : missing;
    },
    want: {
      include_from_parent: ["id"],
      primary_key: ["_groups_id", "id"],
      endpoint: { path: "/groups/{resources.groups.id}/members", ...list },
    },
    records: groups.flatMap(({ id }, at) => members(at + 1).map((each) => ({ ...each, _groups_id: id }))),
  },
  {
    name: "Spotify: items that only have a position in their playlist",
    ...{ parents: "/playlists", endpoint: list, parentKey: "id", path: "/playlists/{id}/tracks" },
    reply: ({ path }) => {
      const id = idIn(path, /^\/playlists\/pl(\d)\/tracks$/);
      if (id !== undefined) return { body: { data: tracks(Number(id)) } };
      return path === "/playlists" ? { body: { data: playlists } } : missing;
    },
    want: {
      include_from_parent: ["id"],
      primary_key: ["_playlists_id", "position"],
      endpoint: { path: "/playlists/{resources.playlists.id}/tracks", ...list },
    },
    records: playlists.flatMap(({ id }, at) =>
      tracks(at + 1).map((each) => ({ ...each, _playlists_id: id })),
    ),
  },
  {
    name: "nine parents without children, and one of the others with some",
    ...{ parents: "/boards", endpoint: list, parentKey: "id", path: "/boards/{id}/cards" },
    reply: ({ path }) => {
      const id = idIn(path, /^\/boards\/(\d+)\/cards$/);
      if (id !== undefined) return { body: { data: id === "10" ? cards : [] } };
      return path === "/boards" ? { body: { data: boards } } : missing;
    },
    want: {
      primary_key: "id",
      endpoint: { path: "/boards/{resources.boards.id}/cards", ...list },
    },
    records: cards,
    // Of these, those of the other parents have no records.
    requests: 12,
  },
  {
    name: "ids that differ everywhere, and a paginator that the parents show",
    ...{ parents: "/channels", path: "/channels/{id}/messages", parentKey: "id" },
    endpoint: {
      data_selector: "items",
      paginator: {
        type: "page_number",
        page_param: "p",
        base_page: 1,
        total_path: null,
        stop_after_empty_page: true,
      },
    },
    reply: ({ path, query }) => {
      const id = idIn(path, /^\/channels\/(\d)\/messages$/);
      const all = id === undefined ? channels : chat(Number(id));
      if (id === undefined && path !== "/channels") return missing;
      return { body: { items: pageAt(all, (Number(query.get("p") ?? 1) - 1) * 17, 17) } };
    },
    want: {
      primary_key: "uuid",
      endpoint: {
        path: "/channels/{resources.channels.id}/messages",
        data_selector: "items",
        paginator: {
          type: "page_number",
          page_param: "p",
          base_page: 1,
          total_path: null,
          stop_after_empty_page: true,
        },
      },
    },
    records: channels.flatMap((_, at) => chat(at + 1)),
  },
];
