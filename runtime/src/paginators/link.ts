import { ReadFailure, PageError } from "../errors.js";
import type { Position } from "../checkpoint.js";
import type { Exchange, Paginator, Step } from "./paginator.js";
import { decode, parseUrl, splitUrl } from "../http/url.js";
import type { Option, OptionProblem } from "../kind.js";
import { checkEnds, endChain, endOptions, type EndOptions } from "./page-end.js";
import { isAbsent } from "./page-info.js";
import { checkExclusive, pageSizeOptions, toPageRequest, type PageSize } from "./page-params.js";

/**
 * Options of links: the page size of the first request, and conditions that end the paging. By default, an empty page with a
 * link does not end it.
 */
export interface LinkOptions extends PageSize, EndOptions {}

/** A link: each response contains the whole URL of the next page. */
export interface Link {
  readonly type: string;
  readonly options: LinkOptions;
  readonly find: (exchange: Exchange) => unknown;
}

/** Creates the paginator of a link: the implementation of `json_link` and `header_link`. A position is a page request. */
export function link({ type, options, find }: Link): Paginator {
  const { limit, limitParam, limitBodyPath } = options;
  return {
    type,
    options,
    start: {},
    needsPrevious: false,
    request: (position) =>
      position["url"] ? position : toPageRequest([limit, limitParam ?? "limit", limitBodyPath]),
    next: ({ url }, exchange): Step => {
      const found = find(exchange);
      const next = isAbsent(found) ? undefined : found;
      const end = endChain(options, exchange, { isNamed: url !== undefined, find: () => next });
      return end ?? { next: toPosition(resolve(next, exchange), exchange) };
    },
  };
}

/** Describes the options of `LinkOptions`. */
export function linkOptions(): { readonly [K in keyof Required<LinkOptions>]: Option } {
  const { limit, limitParam, limitBodyPath } = pageSizeOptions();
  return {
    limit: {
      ...limit,
      description: "Records per page; sent with the first request if set. The links contain it.",
    },
    limitParam,
    limitBodyPath,
    ...endOptions(false),
  };
}

/** Checks that the limit has one destination, and the conditions for the end. */
export function checkLink(options: Readonly<Record<string, unknown>>): readonly OptionProblem[] {
  return [...checkExclusive(options, "limitParam", "limitBodyPath"), ...checkEnds(options)];
}

/** Resolves a link against the requested URL, without its fragment. Links to other origins are followed without credentials. */
function resolve(found: unknown, { url: here }: Exchange): string {
  const target = typeof found === "string" ? parseUrl(found, here) : undefined;
  if (!target || !["https:", parseUrl(here)?.protocol].includes(target.protocol)) {
    const isText = typeof found === "string";
    throw invalidLink(
      isText ? "is not an HTTP URL, has a user name, or leads from https to http" : "is not a string",
    );
  }
  const [url = ""] = target.href.split("#", 1);
  // The position is a template: braces in the URL are literal.
  return url.replaceAll("{", "%7B").replaceAll("}", "%7D");
}

/**
 * Removes secrets, which checkpoints must not contain: some APIs repeat keys in their links. Secrets of the client become
 * placeholders; others, such as tokens, are removed from the query, because every request is authenticated anyway.
 */
function toPosition(url: string, exchange: Exchange): Position {
  const { address, pairs } = splitUrl(url);
  const path = address.split("/").map((segment) => hide(segment, exchange));
  const query = pairs.flatMap(({ text, value }) => {
    if (!exchange.isSecret(value)) return [text];
    const hidden = hide(value, exchange);
    return isWholly(hidden, exchange.isSecret) ? [] : [text.slice(0, -value.length) + hidden];
  });
  const position = {
    url: path.join("/") + (query.length > 0 ? `?${query.join("&")}` : ""),
    ...(exchange.foreignOrigin && { foreignOrigin: exchange.foreignOrigin }),
  };
  if (exchange.isSecret(position.url))
    throw invalidLink("contains a secret, which must not become part of a checkpoint");
  return position;
}

/** Replaces a secret with its placeholder, also after another word: `Token%20{secrets.api_key}`. */
function hide(text: string, { isSecret, nameOf }: Exchange): string {
  if (!isSecret(text)) return text;
  const replace = (part: string): string => {
    const name = nameOf(decode(part)) ?? nameOf(decode(part.replaceAll("+", " ")));
    return name === undefined ? part : `{${name}}`;
  };
  const whole = replace(text);
  const parts = text.split(/(%20|%3A|[+:.])/i);
  return whole === text ? parts.map(replace).join("") : whole;
}

/** Whether a text is a secret as a whole: with the secret `test`, `testing` is not. */
function isWholly(text: string, isSecret: Exchange["isSecret"]): boolean {
  return isSecret(text) && !isSecret(text.slice(1)) && !isSecret(text.slice(0, -1));
}

/** Creates the error for an invalid link. The message omits the link, which may contain secrets. */
function invalidLink(why: string): ReadFailure {
  return new ReadFailure(PageError, "PAGE_INFO_INVALID", `the link to the next page ${why}`);
}
