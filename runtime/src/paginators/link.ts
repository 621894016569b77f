import { ReadFailure, PageError } from "../errors.js";
import type { Position } from "../checkpoint.js";
import type { Exchange, Paginator, Step } from "./paginator.js";
import { decode, parseUrl, splitUrl } from "../http/url.js";
import { isNone } from "./page-info.js";

/** A link: each response names the whole URL of what to ask for next. */
export interface Link {
  readonly type: string;
  readonly options: object;
  readonly find: (exchange: Exchange) => unknown;
}

/** The paginator of a link; `json_link` and `header_link` find it in different places. A position is its request. */
export function link({ type, options, find }: Link): Paginator {
  return {
    type,
    options,
    start: {},
    request: (position) => position,
    next: (_, exchange): Step => {
      const found = find(exchange);
      return isNone(found) ? { stop: "no_next" } : { next: toPosition(resolve(found, exchange), exchange) };
    },
  };
}

/** A link from where the request went, without its fragment. Another origin is followed, but gets no credentials. */
function resolve(found: unknown, { url: here }: Exchange): string {
  const target = typeof found === "string" ? parseUrl(found, here) : undefined;
  if (!target || !["https:", parseUrl(here)?.protocol].includes(target.protocol)) {
    const isText = typeof found === "string";
    throw unfit(isText ? "no http URL, has a user name, or leads from https to http" : "no text");
  }
  const [url = ""] = target.href.split("#", 1);
  // Braces of the API are no placeholders.
  return url.replaceAll("{", "%7B").replaceAll("}", "%7D");
}

/**
 * Takes out what checkpoints must not hold: APIs repeat keys in their links. A placeholder takes a secret's place; what has
 * none, a token say, is left out of the query, since it goes with every request anyway.
 */
function toPosition(url: string, exchange: Exchange): Position {
  const { address, pairs } = splitUrl(url);
  const path = address.split("/").map((segment) => hide(segment, exchange));
  const query = pairs.flatMap(({ text, value }) => {
    if (!exchange.isSecret(value)) return [text];
    const hidden = hide(value, exchange);
    return isWholly(hidden, exchange.isSecret) ? [] : [text.slice(0, -value.length) + hidden];
  });
  const position = { url: path.join("/") + (query.length > 0 ? `?${query.join("&")}` : "") };
  if (exchange.isSecret(position.url))
    throw unfit("one that holds a secret, which must not get into checkpoints");
  return position;
}

/** A placeholder in place of a secret, which may stand behind another word: `Token%20{secrets.api_key}`. */
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

/** Whether a text is a secret from end to end: `testing` is not because of `test`. */
function isWholly(text: string, isSecret: Exchange["isSecret"]): boolean {
  return isSecret(text) && !isSecret(text.slice(1)) && !isSecret(text.slice(0, -1));
}

/** The link itself stays out of the message: it may hold anything. */
function unfit(what: string): ReadFailure {
  return new ReadFailure(PageError, "PAGE_INFO_INVALID", `the link to the next page is ${what}`);
}
