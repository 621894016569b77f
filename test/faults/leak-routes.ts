import { cursor, headerLink, jsonLink } from "../../runtime/src/index.js";
import type { Paginator } from "../../runtime/src/plugin.js";
import type { Placement } from "./secret-placements.js";
import type { Answer, Received } from "./server.js";

/** The context of a route's servers. */
export interface RouteContext {
  /** Origins of the API and of another host. */
  readonly urls: { readonly own: string; readonly other: string };
  readonly secret: string;
  readonly core: string;
}

type Respond = (request: Received, context: RouteContext) => Answer;

/** A way in which a secret could leak: the responses of the API, and those of another host. */
export interface Route {
  readonly name: string;
  /** The kinds of placements to which it applies. */
  readonly needs: readonly Placement["kind"][];
  readonly paginator: () => Paginator;
  readonly own: Respond;
  readonly other: Respond;
}

const json = (body: unknown, more: Partial<Answer> = {}): Answer => ({
  contentType: "application/json",
  body: JSON.stringify(body),
  ...more,
});

/** Two records, without a next page. */
const last: Respond = () => json({ items: [{ id: 1 }, { id: 2 }] });

/** The token endpoint; its tokens are secrets, too. */
const token: Respond = (_, { core }) =>
  json({ access_token: `${core}-issued`, token_type: "bearer", expires_in: 3600 });

/** A response that repeats the whole request in the usual places. */
function echo({ url, headers, text }: Received, status: number): Answer {
  const plain = Object.values(headers).join(" ");
  const all = `${url.href} ${decodeURIComponent(url.search)} ${plain} ${text}`;
  return json(
    { error: { message: `bad request: ${all}` }, [plain]: plain },
    { status, headers: { "X-Echo": encodeURI(all), "WWW-Authenticate": `Basic realm="${plain}"` } },
  );
}

interface Given extends Partial<Pick<Route, "needs" | "paginator" | "other">> {
  readonly name: string;
  readonly own: Respond;
}

function route({
  needs = ["request", "token"],
  paginator = jsonLink,
  other = last,
  own,
  ...rest
}: Given): Route {
  return {
    ...rest,
    needs,
    paginator: () => paginator(),
    other,
    own: (request, context) =>
      request.url.pathname === "/token" && rest.name !== "the token endpoint repeats the request"
        ? token(request, context)
        : own(request, context),
  };
}

/** A page whose link leads elsewhere. */
function linked(link: (context: RouteContext) => string): Respond {
  return (request, context) =>
    request.url.searchParams.has("p")
      ? last(request, context)
      : json({ items: [{ id: 0 }], next: link(context) });
}

function redirected(location: (context: RouteContext, request: Received) => string, status: number): Respond {
  return (request, context) =>
    request.url.searchParams.has("back")
      ? last(request, context)
      : json({}, { status, headers: { Location: location(context, request) } });
}

/** All routes. */
export const routes: readonly Route[] = [
  route({ name: "link to another host", own: linked(({ urls }) => `${urls.other}/v1/rows?p=2`) }),
  route({
    name: "link without a scheme",
    own: linked(({ urls }) => `${urls.other.replace("http:", "")}/v1/rows?p=2`),
  }),
  route({
    name: "Link header to another host",
    paginator: headerLink,
    own: (_, { urls }) =>
      json({ items: [{ id: 0 }] }, { headers: { Link: `<${urls.other}/v1/rows?p=2>; rel="next"` } }),
  }),
  route({
    name: "link to another host and back",
    own: linked(({ urls }) => `${urls.other}/v1/rows?p=2`),
    other: (_, { urls }) => json({ items: [{ id: 1 }], next: `${urls.own}/v1/rows?p=3&back` }),
  }),
  route({ name: "redirect (302)", own: redirected(({ urls }) => `${urls.other}/v1/rows`, 302) }),
  route({ name: "redirect (307)", own: redirected(({ urls }) => `${urls.other}/v1/rows`, 307) }),
  route({
    name: "redirect with the request's query",
    own: redirected(({ urls }, { url }) => `${urls.other}${url.pathname}${url.search}`, 308),
  }),
  route({
    name: "redirect and back",
    own: redirected(({ urls }) => `${urls.other}/v1/rows`, 302),
    other: (_, { urls }) => json({}, { status: 302, headers: { Location: `${urls.own}/v1/rows?back` } }),
  }),
  route({ name: "401 repeats the request", own: (request) => echo(request, 401) }),
  route({ name: "422 repeats the request", own: (request) => echo(request, 422) }),
  route({ name: "500 repeats the request", own: (request) => echo(request, 500) }),
  route({ name: "200 repeats the request", own: (request) => echo(request, 200) }),
  route({
    name: "text repeats the request",
    own: (request) => ({ contentType: "text/plain", body: echo(request, 200).body.slice(1), headers: {} }),
  }),
  route({
    name: "the token endpoint repeats the request",
    needs: ["token"],
    own: (request) => (request.url.pathname === "/token" ? echo(request, 400) : json({ items: [] })),
  }),
  route({
    name: "link repeats the secret",
    own: (request, { secret, urls }) =>
      request.url.searchParams.has("p")
        ? json({ items: [{ id: 1 }] })
        : json({ items: [{ id: 0 }], next: `${urls.own}/v1/rows?p=2&k=${encodeURIComponent(secret)}` }),
  }),
  route({
    name: "cursor repeats the secret",
    paginator: () => cursor({ cursorPath: ["next"] }),
    own: (request, { secret }) =>
      request.url.searchParams.has("cursor")
        ? json({ items: [{ id: 1 }] })
        : json({ items: [{ id: 0 }], next: secret }),
  }),
];
