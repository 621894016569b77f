// Names that APIs use for paging, records, keys and times; all detection by name uses these tables. Names are in words:
// `next page token` matches `nextPageToken`, `next_page_token` and `NextPageToken`.

/** A cursor in the body and the parameters that may take it. */
export interface CursorShape {
  readonly words: RegExp;
  /** Name of the object that contains the cursor. */
  readonly under?: RegExp;
  /** Parameter names in words, the likeliest first. If there are several, a second page decides. */
  readonly params: readonly string[];
  /** Whether the name alone identifies a cursor, even if the value is `null`. */
  readonly isDistinctive?: true;
}

/** Known cursors. The first match applies. */
export const cursorShapes: readonly CursorShape[] = [
  { words: /^next page token$/, params: ["page token"], isDistinctive: true },
  { words: /^(next )?continuation token$/, params: ["continuation token"], isDistinctive: true },
  {
    words: /^next token$/,
    params: ["next token", "pagination token", "token", "page token"],
    isDistinctive: true,
  },
  { words: /^next cursor mark$/, params: ["cursor mark"], isDistinctive: true },
  { words: /^next page cursor$/, params: ["page cursor", "cursor"], isDistinctive: true },
  { words: /^next start cursor$/, params: ["start cursor"], isDistinctive: true },
  { words: /^next cursor$/, params: ["cursor"], isDistinctive: true },
  { words: /^next page key$/, params: ["next page key", "page key"], isDistinctive: true },
  { words: /^next page id$/, params: ["page id", "page"], isDistinctive: true },
  { words: /^next marker$/, params: ["marker"], isDistinctive: true },
  { words: /^next max id$/, params: ["max id"], isDistinctive: true },
  { words: /^next offset$/, params: ["offset"] },
  { words: /^next( page)? start$/, params: ["start", "next page start", "page start"] },
  { words: /^next page( number)?$/, params: ["page"] },
  { words: /^next (id|key)$/, params: ["after", "cursor", "start id", "next id", "start key"] },
  { words: /^last evaluated key$/, params: ["exclusive start key", "last evaluated key", "start key"] },
  { words: /^last key$/, params: ["last key", "start key", "after"] },
  { words: /^continue$/, params: ["continue"] },
  { words: /^end cursor$/, params: ["after"], isDistinctive: true },
  { words: /^after$/, under: /^(next|cursors|paging|page|page info|pagination|meta)$/, params: ["after"] },
  { words: /^(next|after)$/, under: /^cursors?$/, params: ["cursor", "after"] },
  { words: /^(cursor|next)$/, under: /^(meta|paging|page|pagination|page info|links)$/, params: ["cursor"] },
  { words: /^scroll id$/, params: ["scroll id"] },
  { words: /^bookmark$/, params: ["bookmark"] },
  { words: /^continuation$/, params: ["continuation"] },
  { words: /^cursor$/, params: ["cursor"] },
  { words: /^next$/, params: ["cursor", "page", "next", "offset", "after", "start"] },
];

/** The field that marks a list object of Notion and Stripe, and the name of Notion's cursor parameter in words. */
export const selfNamedList: { readonly name: string; readonly value: string; readonly cursorParam: string } =
  {
    name: "object",
    value: "list",
    cursorParam: "start cursor",
  };

/** Headers that hold a cursor, and the parameters that may take it, in words. */
export const headerCursors: readonly (readonly [header: string, params: readonly string[]])[] = [
  ["X-Next-Cursor", ["cursor"]],
  ["X-Next-Page-Token", ["page token"]],
  ["X-Next-Page", ["page"]],
  ["X-Next-Token", ["next token", "token"]],
  ["X-Next-Offset", ["offset"]],
  ["X-MS-ContinuationToken", ["continuation token"]],
  ["X-Continuation-Token", ["continuation token"]],
  ["X-MS-Continuation", ["continuation", "continuation token"]],
  ["Sforce-Locator", ["locator"]],
  ["X-Next", ["next", "cursor", "page token"]],
  ["X-Next-Id", ["after", "next id", "since id"]],
  ["X-Pagination-Next-Cursor", ["cursor"]],
  ["X-After", ["after"]],
  ["X-Cursor", ["cursor"]],
  ["CB-After", ["after"]],
  ["Next-Cursor", ["cursor"]],
  ["Next-Page-Token", ["page token"]],
];

/** Headers with the number of the page, and headers with the total of records. */
export const headerPages: {
  readonly [What in "page" | "pages" | "records"]: readonly string[];
} = {
  page: ["X-Page", "X-Current-Page", "X-Pagination-Current-Page", "X-Page-Number"],
  pages: [
    "X-Total-Pages",
    "X-WP-TotalPages",
    "X-TotalPages",
    "X-Page-Count",
    "X-Pagination-Page-Count",
    "X-Pagination-Total-Pages",
    "Total-Pages",
  ],
  records: [
    "X-Total-Count",
    "X-Total",
    "Total-Count",
    "X-WP-Total",
    "X-TotalCount",
    "X-Total-Items",
    "X-Total-Results",
    "X-Pagination-Total-Count",
    "X-Pagination-Total",
    "X-Count",
  ],
};

/** Request parameters that select a page. */
export const paramWords: { readonly [What in "page" | "offset" | "limit"]: RegExp } = {
  page: /^(page|p|page number|pagenumber|page index|page no|current page|pg)$/,
  offset:
    /^(offset|skip|start|start at|start index|start row|start position|from|first result|sysparm offset)$/,
  limit:
    /^(limit|take|top|size|count|rows|per page|page size|pagesize|max results|max|page limit|records per page|sysparm limit)$/,
};

/** Words of names in an envelope. */
export const envelopeWords: {
  readonly [What in "next" | "token" | "otherToken" | "part"]: RegExp;
} = {
  /** Objects with one text, which is the cursor; its key is the parameter: `next: { after: "…" }`. */
  next: /^(next|next page|continue|query continue|next params|next query)$/,
  /** Texts that are tokens. */
  token:
    /(^| )(cursor|token|continuation|marker|scroll|bookmark|next|after|offset|position|seek|resume|start key|last key)( |$)/,
  /** Tokens that are not cursors of the next page. */
  otherToken:
    /(^| )(prev|previous|before|first|self|last page|request|csrf|xsrf|access|refresh|session|id token|security|api)( |$)/,
  /** Objects that describe pages. */
  part: /pag(e|es|ing|inat\w*|er)\b|meta|view|total|info|cursor|link|summary|envelope|result set|resultset|header|^next$|^additional data$|^search criteria$|^response$|^list$|^counts?$|^query$/,
};

/** Response fields about paging. */
export const fieldWords: {
  readonly [What in "pages" | "records" | "page" | "size" | "more" | "last" | "link" | "count"]: RegExp;
} = {
  pages:
    /^(total pages|totalpages|pages|page count|pagecount|num pages|nb pages|number of pages|last page|page total)$/,
  records:
    /^(total|total (count|items|results|records|elements|hits|size|rows|entries|found|number)|totalcount|count|count total|record count|results count|result count|num found|num results|nb hits|number of (results|records|items)|found|object count|hits total|estimated total hits|available)$/,
  page: /^(page|current page|currentpage|page number|pagenumber|page index|page no|current|page num)$/,
  size: /^(per page|page size|pagesize|limit|size|items per page|results per page|hits per page|max results|page limit|page length)$/,
  more: /^(has more|hasmore|has next|has next page|ha(s|ve) more (items|records|results|data|pages)|more|more results|more items in collection|more records|has additional results|more available|truncated|is truncated)$/,
  /** Flags whose `true` marks the last page. */
  last: /^(last|is last|(is )?last (page|batch|chunk)|is final|done|is done|complete|is complete|end of (records|results|list|stream|data|file))$/,
  /** Links to the next page, even if they are `null`. */
  link: /^next( page)?( records| results)? (url|uri|link|href)$/,
  /** Numbers that may count the records of this page only. */
  count: /^(count|size|found|result count|results count|record count)$/,
};

/** Page parameters by the name of the page number in the response, in words, the likeliest first. */
export const pageParams: Readonly<Record<string, readonly string[]>> = {
  "page number": ["page number", "page"],
  pagenumber: ["pagenumber", "page"],
  "page index": ["page index", "page"],
  "page no": ["page no", "page"],
  "page num": ["page num", "page"],
  "current page": ["page", "current page"],
  current: ["page", "current"],
};

/** Keys of links in a list: the key of the relation and the key of the URL. */
export const linkLists: readonly (readonly [relation: string, link: string])[] = [
  ["rel", "href"],
  ["relation", "url"],
  ["rel", "uri"],
  ["rel", "url"],
];

/** Names of lists in responses. */
export const listNames: { readonly [What in "records" | "about" | "never"]: RegExp } = {
  /** Names that usually hold the records. */
  records:
    /^(data|items|results|entries|records|rows|entities|payload|content|objects|values|value|nodes|hits|elements|resources|resource|list|members?|hydra member|collection|documents|docs|features|children|edges)$/,
  /** Names of metadata, which hold the records only if there is no other list. */
  about:
    /^(meta|metadata|page|page info|paging|pagination|facets|aggregations|filters|included|includes|columns|fields|linked|side ?loads?|embedded meta|response metadata)$/,
  /** Names that never hold the records. */
  never: /^(links?|errors?|warnings?)$/,
};

/** Typical names of primary keys in words, the likeliest first. */
export const keyNames: readonly string[] = [
  "id",
  "uuid",
  "guid",
  "gid",
  "pk",
  "key",
  "identifier",
  "unique id",
  "primary key",
  "sid",
  "slug",
];

/** Names of fields, in words, that identify records in some APIs, the likeliest first. */
export const rareKeyNames: readonly RegExp[] = [
  /(^| )(id|uuid|guid|gid|urn|uri|hash|sha|doi|arn|(page|app|user|item|object|track|order|product|account)id)$/,
  /(^| )(key|code|number|no|sku|isbn|ean|slug|handle|ref|reference|serial|symbol|ticker|iban|vin)$/,
  /(^| )(login|username|user name|email|domain|hostname|host|name)$/,
];

/** Fields with the time of the last change, the likeliest first. */
export const changedNames: readonly RegExp[] = [
  /^(last )?(updated|modified|changed) (at|on|time|date|timestamp|utc|date time|datetime)$/,
  /^(update|modification|modify|change) (time|date|timestamp|datetime|date time)$/,
  /^(date|time) (last )?(updated|modified|changed|update|modified utc)$/,
  /^(last )?(updated|modified|changed)$/,
  /^last (update|modification|change)( (at|on|time|date))?$/,
  /^system mod ?stamp$/,
  /^mtime$/,
];

/** Fields with the time of an event. Records of events do not change. */
export const happenedNames: readonly RegExp[] = [
  /^(occurred|happened|logged|recorded|received|triggered|emitted|sent|measured|captured) (at|on|time)$/,
  /^(event|log) (time|date|timestamp|at)$/,
  /^timestamp$/,
];

/** Fields with the time of creation. */
export const createdNames: readonly RegExp[] = [
  /^(created|inserted|added|published|submitted|opened|placed|registered) (at|on|time|date|timestamp|utc|datetime)$/,
  /^(creation|create|publish|insert) (time|date|timestamp|datetime)$/,
  /^date (created|added|published|create)$/,
  /^(created|published|ctime)$/,
];
