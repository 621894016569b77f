import { fetchTransport } from "@connector-gen/runtime/plugin";
import { byPage, type ShopParts } from "./shop.js";

/** Every method of every plug-in that can throw, in a plug-in that is otherwise correct. `trap` may throw. */
export interface TrapRow {
  readonly name: string;
  readonly parts: (trap: () => void) => ShopParts;
  /** Shapers run after the attempt: a retry would request the page again. Default true. */
  readonly isRetried?: boolean;
  /** The number of requests of the failing page without a retry. Default 1; 0 if it fails before its request. */
  readonly requests?: number;
  /** The code of the plug-in's own error. Default `PLUGIN_FAILED`. */
  readonly foreignCode?: string;
}

/** A client with parts of its resource replaced. */
export function resource(given: ShopParts["resource"]): ShopParts {
  return { resource: given };
}

const decoder = {
  type: "json",
  options: {},
  accept: "application/json",
  start: () => {
    let text = "";
    return { push: (piece: string) => void (text += piece), end: () => JSON.parse(text) as unknown };
  },
};
const json = { type: "json", template: {}, build: () => ({ text: "{}" }) };
export const auth = { type: "none", options: {}, credentials: () => ({}) };
const inner = fetchTransport();

/** The methods. */
export const traps: readonly TrapRow[] = [
  {
    name: "Limiter.acquire",
    requests: 0,
    parts: (trap) => ({
      options: { rateLimit: { acquire: () => (trap(), Promise.resolve(() => undefined)) } },
    }),
  },
  {
    name: "the function that Limiter.acquire returns",
    parts: (trap) => ({ options: { rateLimit: { acquire: () => Promise.resolve(trap) } } }),
  },
  {
    name: "the function that Limiter.acquire returns, as a rejection",
    parts: (trap) => {
      const release = async (): Promise<void> => {
        await Promise.resolve();
        trap();
      };
      return { options: { rateLimit: { acquire: () => Promise.resolve(release) } } };
    },
  },
  {
    name: "Limiter.observe",
    parts: (trap) =>
      resource({ rateLimit: { acquire: () => Promise.resolve(() => undefined), observe: trap } }),
  },
  {
    name: "Shaper.shape",
    isRetried: false,
    parts: (trap) =>
      resource({ shape: [{ type: "same", options: {}, shape: (records) => (trap(), records) }] }),
  },
  {
    name: "Decoder.start",
    parts: (trap) => resource({ decode: { ...decoder, start: () => (trap(), decoder.start()) } }),
  },
  {
    name: "BodyDecoder.push",
    parts: (trap) => {
      const start = (): ReturnType<typeof decoder.start> => {
        const { push, end } = decoder.start();
        return {
          push: (piece) => {
            trap();
            push(piece);
          },
          end,
        };
      };
      return resource({ decode: { ...decoder, start } });
    },
  },
  {
    name: "BodyDecoder.end",
    parts: (trap) => {
      const start = (): ReturnType<typeof decoder.start> => {
        const { push, end } = decoder.start();
        return { push, end: () => (trap(), end()) };
      };
      return resource({ decode: { ...decoder, start } });
    },
  },
  {
    name: "Paginator.request",
    requests: 0,
    parts: (trap) =>
      resource({ paginator: { ...byPage, request: (position) => (trap(), byPage.request(position)) } }),
  },
  {
    name: "Paginator.next",
    parts: (trap) =>
      resource({
        paginator: { ...byPage, next: (position, exchange) => (trap(), byPage.next(position, exchange)) },
      }),
  },
  {
    name: "Paginator.select",
    parts: (trap) => resource({ paginator: { ...byPage, select: () => (trap(), ["items"]) } }),
  },
  {
    name: "Auth.credentials",
    requests: 0,
    parts: (trap) => resource({ auth: { ...auth, credentials: () => (trap(), {}) } }),
  },
  {
    name: "Auth.credentials, as a rejection",
    requests: 0,
    parts: (trap) =>
      resource({ auth: { ...auth, credentials: () => Promise.resolve().then(() => (trap(), {})) } }),
  },
  {
    name: "Body.build",
    requests: 0,
    parts: (trap) => resource({ method: "POST", body: { ...json, build: () => (trap(), { text: "{}" }) } }),
  },
  {
    name: "QueryEncoder.encode",
    requests: 0,
    parts: (trap) =>
      resource({
        encode: { options: {}, encode: (name, value) => (trap(), [[name, JSON.stringify(value)] as const]) },
      }),
  },
  {
    name: "ResponseActions.judge",
    parts: (trap) => resource({ actions: { rules: [], readsBody: true, judge: () => (trap(), undefined) } }),
  },
  {
    name: "Transport.send",
    requests: 0,
    parts: (trap) => ({
      options: { transport: { send: (request) => (trap(), inner.send(request)) } },
    }),
  },
  {
    // A rejection of a transport means that there is no response, unless it is a failure of `fail`.
    name: "Transport.send, as a rejection",
    requests: 0,
    foreignCode: "NETWORK",
    parts: (trap) => ({
      options: {
        transport: { send: (request) => Promise.resolve().then(() => (trap(), inner.send(request))) },
      },
    }),
  },
  {
    name: "WireResponse.text, as a rejection",
    foreignCode: "NETWORK",
    parts: (trap) => ({
      options: {
        transport: {
          send: async (request) => {
            const { status, statusText, headers, ...response } = await inner.send(request);
            const text = async (limit: number): Promise<string> => {
              const body = await response.text(limit);
              trap();
              return body;
            };
            return { status, statusText, headers, text };
          },
        },
      },
    }),
  },
];
