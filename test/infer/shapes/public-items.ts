import type { Item, Items } from "./shape.js";

const day = (n: number): string => new Date(Date.UTC(2024, 0, 1 + n, 8, n)).toISOString();

function make(count: number, item: (n: number) => Item, schema: object): Items {
  return { all: Array.from({ length: count }, (_, n) => item(n)), schema };
}

const text = { type: "string" };
const whole = { type: "integer" };
const time = { type: "string", format: "date-time" };
const link = { type: "string", format: "uri" };

/** An object that requires all its fields. */
function object(properties: Readonly<Record<string, object>>): object {
  return { type: "object", required: Object.keys(properties), properties };
}

/** Chat messages, the newest first, with snowflakes as texts. */
export function chatMessages(count: number): Items {
  return make(
    count,
    (n) => ({
      id: String(1190000000000000000n + BigInt(count - n) * 4096n),
      content: `text ${n}`,
      author: { id: String(80351110224678912n + BigInt(n % 5)), username: `u${n % 5}`, bot: n % 5 === 0 },
      timestamp: day(count - n),
      edited_timestamp: n % 4 ? null : day(count - n + 1),
      pinned: n % 9 === 0,
    }),
    object({
      id: text,
      content: text,
      author: object({ id: text, username: text, bot: { type: "boolean" } }),
      timestamp: time,
      edited_timestamp: { type: ["string", "null"], format: "date-time" },
      pinned: { type: "boolean" },
    }),
  );
}

/** Earthquakes as GeoJSON: a position of three numbers, a list that is always empty of types, and times as numbers. */
export function quakes(count: number): Items {
  return make(
    count,
    (n) => ({
      type: "Feature",
      properties: {
        mag: 1.5 + n / 8,
        place: `${n} km N of X`,
        time: 1704096000000 + n * 60_000,
        felt: n % 3 ? null : n,
      },
      geometry: { type: "Point", coordinates: [-116.5 + n / 10, 33.25 + n / 10, 7.5 + n] },
      id: `ci4070${1000 + n}`,
    }),
    object({
      type: text,
      properties: object({
        mag: { type: "number" },
        place: text,
        time: whole,
        felt: { type: ["integer", "null"] },
      }),
      geometry: object({ type: text, coordinates: { type: "array", items: { type: "number" } } }),
      id: text,
    }),
  );
}

/** Links to other resources, as in an index: a name and a URL. */
export function named(count: number, base: () => string): Items {
  return make(
    count,
    (n) => ({ name: `creature-${n}`, url: `${base()}/api/v2/pokemon/${n + 1}/` }),
    object({ name: text, url: link }),
  );
}

/** Works whose ids are URLs, with a fraction, a nested list of objects, and a map of counts. */
export function works(count: number): Items {
  return make(
    count,
    (n) => ({
      id: `https://openalex.org/W27416${1000 + n}`,
      doi: n % 6 ? `https://doi.org/10.7717/peerj.${4000 + n}` : null,
      title: `On the state of ${n}`,
      publication_date: `2018-02-${String((n % 27) + 1).padStart(2, "0")}`,
      cited_by_count: n * 3,
      authorships: [
        { author_position: "first", author: { id: `https://openalex.org/A50${n}`, orcid: null } },
      ],
    }),
    object({
      id: link,
      doi: { type: ["string", "null"], format: "uri" },
      title: text,
      publication_date: { type: "string", format: "date" },
      cited_by_count: whole,
      authorships: {
        type: "array",
        items: object({ author_position: text, author: object({ id: link, orcid: {} }) }),
      },
    }),
  );
}

/** Items of a feed: an optional author, HTML, and a list of tags. */
export function feedItems(count: number): Items {
  return make(
    count,
    (n) => ({
      id: `https://blog.example.org/${2000 + n}/`,
      url: `https://blog.example.org/${2000 + n}/`,
      title: `Note ${n}`,
      content_html: `<p>${n}</p>`,
      date_published: day(n),
      ...(n % 4 === 0 && { tags: [`tag${n}`] }),
    }),
    {
      type: "object",
      required: ["id", "url", "title", "content_html", "date_published"],
      properties: {
        ...{ id: link, url: link, title: text, content_html: text, date_published: time },
        tags: { type: "array", items: text },
      },
    },
  );
}

/** Service requests of a city: all values are texts, and many fields are often missing. */
export function serviceRequests(count: number): Items {
  return make(
    count,
    (n) => ({
      unique_key: String(59_000_000 + n),
      created_date: `2024-01-${String((n % 27) + 1).padStart(2, "0")}T10:20:30.000`,
      complaint_type: `Noise ${n % 40}`,
      ...(n % 2 && { incident_zip: String(10_000 + n) }),
      ...(n % 7 === 0 && { location: { latitude: String(40.5 + n / 1000), longitude: "-73.9" } }),
    }),
    {
      type: "object",
      required: ["unique_key", "created_date", "complaint_type"],
      properties: {
        unique_key: text,
        created_date: text,
        complaint_type: text,
        location: object({
          latitude: { type: "string", format: "decimal" },
          longitude: { type: "string", format: "decimal" },
        }),
        incident_zip: text,
      },
    },
  );
}

/** Incidents with an object for what they belong to, and an enum. */
export function incidents(count: number): Items {
  return make(
    count,
    (n) => ({
      id: `Q${n}KTLPB7RQ${n}`,
      incident_number: 1200 + n,
      title: `CPU of host ${n}`,
      created_at: day(n),
      service: { id: `P${n % 7}X`, type: "service_reference", summary: `Service ${n % 7}` },
      assignments: n % 3 ? [] : [{ at: day(n), assignee: { id: `U${n}`, summary: `User ${n}` } }],
    }),
    object({
      id: text,
      incident_number: whole,
      title: text,
      created_at: time,
      service: object({ id: text, type: text, summary: text }),
      assignments: {
        type: "array",
        items: object({ at: time, assignee: object({ id: text, summary: text }) }),
      },
    }),
  );
}
