// Names that APIs use for paging, records, keys and times; all detection by name uses these tables. Names are in words:
// `next page token` matches `nextPageToken`, `next_page_token` and `NextPageToken`.

/** A cursor in the body and the parameters that may take it. */
interface CursorShape {
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
  { words: /^next token$/, params: ["next token", "pagination token"], isDistinctive: true },
  { words: /^next cursor mark$/, params: ["cursor mark"], isDistinctive: true },
  { words: /^next page cursor$/, params: ["page cursor", "cursor"], isDistinctive: true },
  { words: /^next start cursor$/, params: ["start cursor"], isDistinctive: true },
  { words: /^next cursor$/, params: ["cursor"], isDistinctive: true },
  { words: /^next page key$/, params: ["next page key", "page key"], isDistinctive: true },
  { words: /^next page id$/, params: ["page id", "page"], isDistinctive: true },
  { words: /^next marker$/, params: ["marker"], isDistinctive: true },
  { words: /^next max id$/, params: ["max id"], isDistinctive: true },
  { words: /^next offset$/, params: ["offset"] },
  { words: /^next start$/, params: ["start"] },
  { words: /^next page( number)?$/, params: ["page"] },
  { words: /^next (id|key)$/, params: ["after", "cursor", "start id"] },
  { words: /^last evaluated key$/, params: ["exclusive start key", "last evaluated key"] },
  { words: /^end cursor$/, params: ["after"], isDistinctive: true },
  { words: /^after$/, under: /^(next|cursors|paging|page|page info|pagination|meta)$/, params: ["after"] },
  { words: /^(next|after)$/, under: /^cursors?$/, params: ["cursor", "after"] },
  { words: /^(cursor|next)$/, under: /^(meta|paging|page|pagination|page info|links)$/, params: ["cursor"] },
  { words: /^scroll id$/, params: ["scroll id"] },
  { words: /^bookmark$/, params: ["bookmark"] },
  { words: /^continuation$/, params: ["continuation"] },
  { words: /^cursor$/, params: ["cursor"] },
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
  ["X-Cursor", ["cursor"]],
  ["Next-Cursor", ["cursor"]],
  ["Next-Page-Token", ["page token"]],
];

/** Headers with the number of the page, and headers with the total of records. */
export const headerPages: { readonly page: readonly string[]; readonly records: readonly string[] } = {
  page: ["X-Page", "X-Current-Page", "X-Pagination-Current-Page"],
  records: ["X-Total-Count", "X-Total", "Total-Count", "X-Pagination-Total-Count"],
};

/** Request parameters that select a page. */
export const paramWords: { readonly [What in "page" | "offset" | "limit"]: RegExp } = {
  page: /^(page|p|page number|pagenumber|page index|page no)$/,
  offset: /^(offset|skip|start|start at|start index|from|first result)$/,
  limit:
    /^(limit|take|top|size|count|per page|page size|pagesize|max results|max|page limit|records per page)$/,
};

/** Response fields about paging. */
export const fieldWords: {
  readonly [What in "pages" | "records" | "page" | "size" | "more" | "last" | "link"]: RegExp;
} = {
  pages: /^(total pages|totalpages|pages|page count|pagecount|num pages|number of pages|last page)$/,
  records:
    /^(total|total (count|items|results|records|elements|hits|size|rows)|count|record count|results count)$/,
  page: /^(page|current page|currentpage|page number|pagenumber|page index|page no)$/,
  size: /^(per page|page size|pagesize|limit|size|items per page|max results)$/,
  more: /^(has more|has next|has next page|more|more results|has additional results|more available|truncated|is truncated)$/,
  /** Flags whose `true` marks the last page. */
  last: /^(last|is last|is last page|is final|done|is done|complete)$/,
  /** Links to the next page, even if they are `null`. */
  link: /^next( page)? (url|uri|link|href)$/,
};

/** Page parameters by the name of the page number in the response, in words, the likeliest first. */
export const pageParams: Readonly<Record<string, readonly string[]>> = {
  "page number": ["page number", "page"],
  pagenumber: ["pagenumber", "page"],
  "page index": ["page index", "page"],
  "page no": ["page no", "page"],
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
    /^(data|items|results|entries|records|rows|entities|payload|content|objects|values|value|nodes|hits|elements|resources|list)$/,
  /** Names of metadata, which hold the records only if there is no other list. */
  about:
    /^(meta|metadata|page|page info|paging|pagination|facets|aggregations|filters|included|columns|fields|messages)$/,
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
