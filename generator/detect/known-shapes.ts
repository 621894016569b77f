// What APIs call the parts of their paging. Names are written as words: `next page token` is `nextPageToken`,
// `next_page_token` and `NextPageToken` alike. Everything that is recognised by its name stands here.

/** A cursor in the body, and the parameters that take it. */
interface CursorShape {
  readonly words: RegExp;
  /** Of the object that the cursor stands in. */
  readonly under?: RegExp;
  /** In words, the likeliest first. With several, only a second page tells which one it is. */
  readonly params: readonly string[];
  /** Whether the name alone says that it is a cursor, also where it is `null`. */
  readonly isTelling?: true;
}

/** The first that fits holds. */
export const cursorShapes: readonly CursorShape[] = [
  { words: /^next page token$/, params: ["page token"], isTelling: true },
  { words: /^(next )?continuation token$/, params: ["continuation token"], isTelling: true },
  { words: /^next token$/, params: ["next token", "pagination token"], isTelling: true },
  { words: /^next cursor mark$/, params: ["cursor mark"], isTelling: true },
  { words: /^next page cursor$/, params: ["page cursor", "cursor"], isTelling: true },
  { words: /^next start cursor$/, params: ["start cursor"], isTelling: true },
  { words: /^next cursor$/, params: ["cursor"], isTelling: true },
  { words: /^next page key$/, params: ["next page key", "page key"], isTelling: true },
  { words: /^next page id$/, params: ["page id", "page"], isTelling: true },
  { words: /^next marker$/, params: ["marker"], isTelling: true },
  { words: /^next max id$/, params: ["max id"], isTelling: true },
  { words: /^next offset$/, params: ["offset"] },
  { words: /^next start$/, params: ["start"] },
  { words: /^next page( number)?$/, params: ["page"] },
  { words: /^next (id|key)$/, params: ["after", "cursor", "start id"] },
  { words: /^last evaluated key$/, params: ["exclusive start key", "last evaluated key"] },
  { words: /^end cursor$/, params: ["after"], isTelling: true },
  { words: /^after$/, under: /^(next|cursors|paging|page|page info|pagination|meta)$/, params: ["after"] },
  { words: /^(next|after)$/, under: /^cursors?$/, params: ["cursor", "after"] },
  { words: /^(cursor|next)$/, under: /^(meta|paging|page|pagination|page info|links)$/, params: ["cursor"] },
  { words: /^scroll id$/, params: ["scroll id"] },
  { words: /^bookmark$/, params: ["bookmark"] },
  { words: /^continuation$/, params: ["continuation"] },
  { words: /^cursor$/, params: ["cursor"] },
];

/** A list that calls itself one: Notion's cursor and Stripe's last record go by other names than most. */
export const selfNamedList: { readonly name: string; readonly value: string; readonly cursorParam: string } =
  {
    name: "object",
    value: "list",
    cursorParam: "start cursor",
  };

/** Headers that hold a cursor, and the parameters that take it, in words. */
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

/** Headers that count pages from a known number, and those that count records. */
export const headerPages: { readonly page: readonly string[]; readonly records: readonly string[] } = {
  page: ["X-Page", "X-Current-Page", "X-Pagination-Current-Page"],
  records: ["X-Total-Count", "X-Total", "Total-Count", "X-Pagination-Total-Count"],
};

/** Parameters of requests. */
export const paramWords: { readonly [What in "page" | "offset" | "limit"]: RegExp } = {
  page: /^(page|p|page number|pagenumber|page index|page no)$/,
  offset: /^(offset|skip|start|start at|start index|from|first result)$/,
  limit:
    /^(limit|take|top|size|count|per page|page size|pagesize|max results|max|page limit|records per page)$/,
};

/** Fields of responses beside the records. */
export const fieldWords: {
  readonly [What in "pages" | "records" | "page" | "size" | "more" | "last" | "link"]: RegExp;
} = {
  pages: /^(total pages|totalpages|pages|page count|pagecount|num pages|number of pages|last page)$/,
  records:
    /^(total|total (count|items|results|records|elements|hits|size|rows)|count|record count|results count)$/,
  page: /^(page|current page|currentpage|page number|pagenumber|page index|page no)$/,
  size: /^(per page|page size|pagesize|limit|size|items per page|max results)$/,
  more: /^(has more|has next|has next page|more|more results|has additional results|more available|truncated|is truncated)$/,
  /** Of these, `true` means that there is no more. */
  last: /^(last|is last|is last page|is final|done|is done|complete)$/,
  /** Links, also where they are `null`. */
  link: /^next( page)? (url|uri|link|href)$/,
};

/** The parameter of a page number by what the response calls it, in words; the likeliest first. */
export const pageParams: Readonly<Record<string, readonly string[]>> = {
  "page number": ["page number", "page"],
  pagenumber: ["pagenumber", "page"],
  "page index": ["page index", "page"],
  "page no": ["page no", "page"],
};

/** Lists of links that name their relation: the relation's key, the link's. */
export const linkLists: readonly (readonly [relation: string, link: string])[] = [
  ["rel", "href"],
  ["relation", "url"],
  ["rel", "uri"],
  ["rel", "url"],
];

/** Lists of responses. */
export const listNames: { readonly [What in "records" | "about" | "never"]: RegExp } = {
  /** Under these names stand the records, mostly. */
  records:
    /^(data|items|results|entries|records|rows|entities|payload|content|objects|values|value|nodes|hits|elements|resources|list)$/,
  /** Lists under these names are about the response; they are the records only where there are no others. */
  about:
    /^(meta|metadata|page|page info|paging|pagination|facets|aggregations|filters|included|columns|fields|messages)$/,
  /** Lists under these names never are the records. */
  never: /^(links?|errors?|warnings?)$/,
};

/** Fields by which records are told apart, the likeliest first. */
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

/** Fields that say when a record changed, the likeliest first. */
export const changedNames: readonly RegExp[] = [
  /^(last )?(updated|modified|changed) (at|on|time|date|timestamp|utc|date time|datetime)$/,
  /^(update|modification|modify|change) (time|date|timestamp|datetime|date time)$/,
  /^(date|time) (last )?(updated|modified|changed|update|modified utc)$/,
  /^(last )?(updated|modified|changed)$/,
  /^last (update|modification|change)( (at|on|time|date))?$/,
  /^system mod ?stamp$/,
  /^mtime$/,
];

/** Fields that say when what a record tells of happened: such records do not change. */
export const happenedNames: readonly RegExp[] = [
  /^(occurred|happened|logged|recorded|received|triggered|emitted|sent|measured|captured) (at|on|time)$/,
  /^(event|log) (time|date|timestamp|at)$/,
  /^timestamp$/,
];

/** Fields that say when a record came to be. */
export const createdNames: readonly RegExp[] = [
  /^(created|inserted|added|published|submitted|opened|placed|registered) (at|on|time|date|timestamp|utc|datetime)$/,
  /^(creation|create|publish|insert) (time|date|timestamp|datetime)$/,
  /^date (created|added|published|create)$/,
  /^(created|published|ctime)$/,
];
