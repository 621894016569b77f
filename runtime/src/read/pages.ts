import type { Checkpoint, Position } from "../checkpoint.js";
import { checkParams } from "../client/check-options.js";
import type { ReadOptions } from "../client/options.js";
import { isConnectorError, type ConnectorError } from "../errors.js";
import { platform, throwIfAborted } from "../platform.js";
import { fetchPage, type PageResult } from "./fetch-page.js";
import type { StopReason } from "../paginators/paginator.js";
import { createPageIterator, type Page, type PageIterator, type PageSource } from "./page.js";
import { resumeFrom } from "./resume.js";
import { startSession, toError, warn, type ReadRequest, type ReadSession } from "./session.js";

/**
 * Reads pages in order. Reads the next page while the consumer works on the current one.
 *
 * Ends only if the paginator names a reason, `maxPages` is reached, or an error is thrown.
 */
export function readPages(request: ReadRequest): PageIterator {
  const { client, resource } = request;
  const controller = new platform.AbortController();
  let session: ReadSession | undefined;
  let pages: PageSource | undefined;
  /** The signal of the caller, once it has a listener. */
  let signal: ReadOptions["signal"];
  const abort = (): void => controller.abort(signal?.reason);
  const start = (): PageSource => {
    session = startSession(request, controller.signal);
    const given = session.options.signal;
    client.transport.expectListeners?.([controller.signal, given]);
    given?.addEventListener("abort", abort);
    signal = given;
    if (signal?.aborted) abort();
    const from = checkSession(session);
    return resource.plan?.pages(session, from) ?? readSequence(session, from);
  };
  return createPageIterator(
    async () => {
      try {
        return (await (pages ??= start()).next()).value as Page<unknown> | undefined;
      } catch (thrown) {
        const error = toError({ client, resource, signal: controller.signal }, thrown, {});
        if (isConnectorError(error)) report(request, session, error);
        throw error;
      }
    },
    async () => {
      signal?.removeEventListener("abort", abort);
      // Aborts pages that are being read ahead if the consumer stops early.
      controller.abort();
      await pages?.return?.();
    },
  );
}

/** Throws for parameters and options that do not match the read. Returns the checkpoint from which it continues. */
function checkSession(session: ReadSession): Checkpoint | undefined {
  const { resource, params, options, identity } = session;
  checkParams(resource, params);
  if (!options.from) return undefined;
  const from = resumeFrom(options.from, identity, { plan: resource.plan, clean: session.clean });
  if ([options.from].flat().at(-1)?.position && !from?.position)
    warn(session, 0, "the resource has changed: the read starts again with the checkpoint's state");
  return from;
}

/** Reports the error of a read. A function of the options that fails here must not hide the error. */
function report({ client }: ReadRequest, session: ReadSession | undefined, error: ConnectorError): void {
  try {
    session?.emit({ type: "error", page: error.page ?? 0, error });
    client.options.logger?.error(error.message);
  } catch {
    // The caller throws the original error.
  }
}

/** Reads one sequence of pages. */
export function readSequence(
  session: ReadSession,
  from: { readonly page: number; readonly position: Position | null } | undefined,
): PageSource {
  const { resource, options, readAhead, signal, emit } = session;
  let { page: number, position } = from?.position ? from : { page: 0, position: resource.paginator.start };
  const last = number + (options.maxPages ?? Infinity);
  let records = 0;
  let reason: StopReason | "max_pages" | undefined;
  let pending: Promise<PageResult> | undefined;
  const parallel = readAhead ? resource.paginator.parallel?.(session, last) : undefined;
  const fetch = (at: Position): Promise<PageResult> => {
    const place = { number: ++number, position: at };
    const fetching = parallel?.fetch(place) ?? fetchPage(session, place);
    // The error is thrown when the consumer requests the page.
    fetching.catch(() => undefined);
    return fetching;
  };
  return {
    next: async () => {
      if (reason) {
        // The consumer has finished with the previous page.
        throwIfAborted(signal);
        parallel?.advance();
      }
      if (!position) {
        emit({ type: "complete", page: number, reason: reason ?? "max_pages", records });
        return {};
      }
      const { page, step } = await (pending ?? fetch(position));
      records += page.records.length;
      reason = step.stop ?? "max_pages";
      position = number < last ? (step.next ?? null) : null;
      pending = position && readAhead ? fetch(position) : undefined;
      return { value: page };
    },
  };
}
