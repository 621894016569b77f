import type { Redactor } from "../client/redact.js";
import { defineKind, type Kind } from "../kind.js";
import { parseSetCookies, type SetCookie } from "./set-cookie.js";
import type { Transport, WireRequest } from "./transport.js";
import { decode, parseUrl } from "./url.js";

/** Keeps the cookies that an API sets. */
export interface Cookies {
  /**
   * Returns a transport that adds the cookies to its requests and stores those of its responses. Each client has its own
   * transport, used for all its requests except those to origins that get no credentials.
   */
  readonly over: (transport: Transport, redactor: Redactor) => Pick<Transport, "send">;
}

type Cookie = SetCookie & { readonly path: string };

/** The maximum number of cookies per origin. The oldest is dropped first. */
const maxCookies = 100;

/**
 * Keeps the cookies that the API sets, and sends each one back only to the origin that set it, as long as the client
 * exists. A cookie that the request already has, such as one of an auth scheme, is not sent twice.
 */
export function cookieJar(): Cookies {
  return {
    over: (transport, redactor) => {
      const jars = new Map<string, Map<string, Cookie>>();
      return {
        send: async (request) => {
          const { origin, pathname, protocol } = parseUrl(request.url) ?? { origin: "", pathname: "/" };
          const jar = jars.get(origin) ?? new Map<string, Cookie>();
          jars.set(origin, jar);
          const response = await transport.send(
            addCookies(request, cookiesFor(jar, pathname, protocol === "https:")),
          );
          const folder = pathname.slice(0, Math.max(1, pathname.lastIndexOf("/")));
          for (const set of parseSetCookies(response.headers.get("set-cookie"))) {
            hide(redactor, set);
            store(jar, { ...set, path: set.path ?? folder });
          }
          return response;
        },
      };
    },
  };
}

/** Whether a value looks random. Any other value, such as the name of a region or a tenant, may be part of a legitimate link. */
function isRandom(value: string): boolean {
  return /^(?=.*\d)(?=.*[a-z]).{16,}$/i.test(value);
}

function hide(redactor: Redactor, { value }: SetCookie): void {
  // Servers may repeat the value without its percent-encoding.
  for (const text of new Set([value, decode(value)]))
    redactor.add(text, { pool: "cookies", isWeak: !isRandom(text) });
}

/** A cookie replaces the one of the same name and path, and keeps its position. */
function store(jar: Map<string, Cookie>, cookie: Cookie): void {
  const key = `${cookie.name};${cookie.path}`;
  if (cookie.expiresAt <= Date.now()) jar.delete(key);
  else jar.set(key, cookie);
  const [oldest] = jar.keys();
  if (jar.size > maxCookies && oldest !== undefined) jar.delete(oldest);
}

/** The cookies of a path, those of longer paths first. */
function cookiesFor(jar: Map<string, Cookie>, path: string, isTls: boolean): readonly Cookie[] {
  for (const [key, { expiresAt }] of jar) if (expiresAt <= Date.now()) jar.delete(key);
  return [...jar.values()]
    .filter((cookie) => isBelow(path, cookie.path) && (isTls || !cookie.isSecure))
    .sort((a, b) => b.path.length - a.path.length);
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.replace(/\/?$/, "/"));
}

function addCookies(request: WireRequest, cookies: readonly Cookie[]): WireRequest {
  const { cookie: own } = request.headers;
  const names = new Set(own?.split(/; */).map((pair) => pair.replace(/=.*/s, "")));
  const added = cookies.filter(({ name }) => !names.has(name)).map(({ name, value }) => `${name}=${value}`);
  if (added.length === 0) return request;
  const cookie = [...(own ? [own] : []), ...added].join("; ");
  return { ...request, headers: { ...request.headers, cookie } };
}

/** The spec's `"cookies": true`. */
export const cookieJarKind: Kind = /* @__PURE__ */ defineKind<object>(() => ({
  family: "cookies",
  type: "cookies",
  factory: "cookieJar",
  summary:
    "Keeps the cookies that the API sets, and sends each back to the origin that has set it, and to no other. All reads of a client share them.",
  options: {},
  phrase: () => "",
  examples: [true],
}));
