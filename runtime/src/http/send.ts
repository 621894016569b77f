import type { Client } from "../client/client.js";
import type { ResourceShape } from "../descriptor.js";
import {
  DecodeError,
  HttpError,
  NetworkError,
  ReadFailure,
  foreign,
  isReadFailure,
  toFailure,
  type ResponseInfo,
} from "../errors.js";
import type { Decoder } from "../decoders/decoder.js";
import { decodeJson } from "../decoders/json.js";
import { innermost, platform, type FetchSignal } from "../platform.js";
import type { PlacedRequest } from "./request.js";
import type { Verdict } from "./response-actions.js";
import type { RetryPolicy } from "./retry.js";
import { toStatusFailure } from "./status-failure.js";
import type { HeadersLike, UnsignedRequest, WireResponse } from "./transport.js";
import { parseUrl } from "./url.js";

/** A complete response whose status does not count as an error. */
export interface HttpResult {
  /** The decoded body. `undefined` if there is none: with 204, after `HEAD`, and if a response action ignores it. */
  readonly body: unknown;
  /** The verdict of a response action. */
  readonly verdict?: Verdict | undefined;
  /** The URL after redirects, without credentials. */
  readonly url: string;
  readonly headers: HeadersLike;
  /** The untrusted origin that influenced the request, if any. */
  readonly foreignOrigin: string | undefined;
  /** The response as received, for errors. */
  readonly response: ResponseInfo;
}

/** A request with its credentials, and the function that replaces them. */
export interface SignedRequest extends UnsignedRequest {
  readonly renew?: (() => void) | undefined;
  /** Whether it got no credentials because its origin, or that of an earlier hop, is not trusted. */
  readonly isForeign?: boolean;
}

/** Everything that one attempt needs besides its request. */
export interface SendContext {
  readonly client: Client;
  readonly policy: RetryPolicy;
  /** Aborted by the caller, or by the timeout of the attempt. */
  readonly signal: FetchSignal;
  /** Whether the read has received no page yet. */
  readonly isFirst?: boolean;
  /** The resource whose decoder and response actions apply. */
  readonly resource?: Pick<ResourceShape, "decode" | "actions">;
  /**
   * Adds credentials to a request. Called for every hop of a redirect; `hasLeft`: the origin of an earlier hop was not
   * trusted.
   */
  readonly authorize: (request: PlacedRequest, hasLeft: boolean) => SignedRequest | Promise<SignedRequest>;
  /**
   * Called with every response on arrival, and the time at which its request was sent (`Date.now()`). The returned
   * function is called once the body has been read.
   */
  readonly observe?: ((response: WireResponse, sentAt: number) => (() => void) | undefined) | undefined;
}

const maxRedirects = 5;
const defaultBodyLimit = 2 ** 28;
const bodyHead = 8192;

/** Makes one attempt: request, redirects, whole body, decoding. Throws a `ReadFailure` unless the result is usable. */
export async function send(context: SendContext, request: PlacedRequest): Promise<HttpResult> {
  const { client, signal } = context;
  const { transport, withCookies = transport } = client;
  let isRenewed = false;
  let left = request.foreignOrigin;
  for (let target = request, hops = 0; ; hops++) {
    const signed = await context.authorize(target, left !== undefined);
    const { renew, isForeign, method, url, headers: asked, body } = signed;
    // An untrusted server must not choose a URL that is requested with credentials.
    if (isForeign) left ??= parseUrl(target.url)?.origin ?? "";
    const sentAt = Date.now();
    const sending = (isForeign ? transport : withCookies).send({ method, url, headers: asked, body, signal });
    const response = await connected("no response", sending);
    const finishObserving = context.observe?.(response, sentAt);
    const finishResponse = await receive(
      context,
      { method, url: target.url, headers: asked, left },
      response,
    );
    finishObserving?.();
    const { status, headers } = response;
    if (status < 300 || status > 399) {
      const canRenew = !isRenewed && renew !== undefined;
      const result = canRenew && status === 401 ? undefined : finishResponse(canRenew);
      if (result && result.verdict !== "renew") return result;
      isRenewed = true;
      renew?.();
      continue;
    }
    const location = hops < maxRedirects ? headers.get("location") : null;
    target = redirect(client, target, { status, location });
  }
}

/**
 * Reads a response to its end and returns the function that interprets it. The two are separate because a 401 must not
 * reach response actions before the request has been repeated with new credentials.
 */
async function receive(
  { client, policy, isFirst, resource: { decode, actions } = {} }: SendContext,
  {
    method,
    url,
    headers: asked,
    left: foreignOrigin,
  }: UnsignedRequest & { readonly left: string | undefined },
  response: WireResponse,
): Promise<(canRenew: boolean) => HttpResult> {
  const { status, statusText, headers } = response;
  const isError = status < 200 || status > 399;
  const limit = client.options.maxBodyBytes ?? defaultBodyLimit;
  const decoding = status < 300 ? decode?.start(isFirst) : undefined;
  let head = "";
  const push = (text: string): void => {
    if (head.length < bodyHead) head += text.slice(0, bodyHead);
    try {
      decoding?.push(text);
    } catch (error) {
      // Without the conversion, the rejection of the transport would look like a truncated body.
      throw toFailure(error);
    }
  };
  const streams = decoding && !actions?.readsBody;
  const { encoding, decompress }: Partial<Decoder> = (status < 300 ? decode : undefined) ?? {};
  const reading = response.text(limit, { encoding, decompress, push: streams ? push : undefined });
  // The body of an error may be truncated.
  const text = await (isError ? reading.catch(() => "") : connected("the body broke off", reading));
  const info = { status, headers, body: head || text, url };
  return (canRenew) =>
    withResponse(info, () => {
      const verdict = actions?.judge({ status, statusText, headers, text, canRenew });
      // A literal, because copied properties would give every object its own shape, which is slow to create.
      const result = (body?: unknown): HttpResult => ({
        body,
        verdict,
        url,
        headers,
        foreignOrigin,
        response: info,
      });
      if (verdict && verdict !== "stop") return result();
      if (isError) throw toStatusFailure(response, text, { policy, foreignOrigin });
      if (status === 204 || method === "HEAD") return result();
      if (!decoding) return result(decodeJson(text, headers.get("content-type"), isFirst));
      if (!client.transport.noticesCuts && asked["accept-encoding"] === "identity") checkCoding(headers);
      decoding.push(text);
      return result(decoding.end(response.isOpenEnded));
    });
}

/** Rejects a compressed body, because `fetch` treats an incomplete one as complete. */
function checkCoding(headers: HeadersLike): void {
  const coding = headers.get("content-encoding") ?? "identity";
  if (coding === "identity") return;
  const message = `the body is compressed (${foreign(coding)}) and may be cut off; to permit that, set the header "accept-encoding"`;
  throw new ReadFailure(DecodeError, "BODY_UNCHECKED", message, { retries: Infinity });
}

/** Runs code that interprets a response, and adds the response to its failure. */
export function withResponse<T>(response: ResponseInfo, interpret: () => T): T {
  try {
    return interpret();
  } catch (error) {
    const failure = toFailure(error);
    failure.details = { response, ...failure.details };
    throw failure;
  }
}

/**
 * Returns the next hop. Throws if it leads from https to http, has a user name, or would send a secret in the URL to another
 * origin.
 */
function redirect(
  { redactor }: Client,
  from: PlacedRequest,
  { status, location }: { status: number; location: string | null },
): PlacedRequest {
  const here = new platform.URL(from.url);
  const target = location && parseUrl(location, from.url);
  if (
    !target ||
    !["https:", here.protocol].includes(target.protocol) ||
    (target.origin !== here.origin && redactor.isSecret(target.href))
  ) {
    const message = `invalid redirect (${status}): ${location ? foreign(location) : "no target, or too many"}`;
    throw new ReadFailure(HttpError, "BAD_REDIRECT", message, { status });
  }
  const becomesGet = status === 303 ? from.method !== "HEAD" : status < 303 && from.method === "POST";
  const change = becomesGet && { method: "GET", body: undefined, hasSecretBody: false };
  return { ...from, ...change, url: target.href, via: "redirect" };
}

/** Converts a network error into a failure that is worth a retry. */
async function connected<T>(what: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (cause) {
    if (isReadFailure(cause)) throw cause;
    // Undici counts the bytes that a socket has received. If there are some before the response, the connection was reused.
    const { code, message = cause, socket } = innermost(cause);
    const isStale = what === "no response" && (socket?.bytesRead ?? 0) > 0;
    throw new ReadFailure(NetworkError, "NETWORK", `${what} (${foreign(code ?? message)})`, {
      cause,
      isStale,
      retries: Infinity,
    });
  }
}
