/**
 * The parts of the web platform that this package uses. Structural types, so neither compiling nor using it needs the
 * types of the DOM or Node.
 */
interface Platform {
  readonly fetch?: unknown;
  readonly AbortController: new () => AbortControllerLike;
  readonly TextDecoder: new (
    encoding: string,
    options: { readonly fatal: boolean; readonly ignoreBOM?: boolean },
  ) => { decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string };
  readonly DecompressionStream: new (format: string) => Decompression;
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly URL: new (url: string, base?: string) => UrlLike;
  readonly btoa: (bytes: string) => string;
  readonly atob: (base64: string) => string;
  readonly crypto: { readonly subtle: SubtleCryptoLike };
  readonly setTimeout: (run: () => void, milliseconds: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** The parts of WebCrypto that sign tokens. */
interface SubtleCryptoLike {
  importKey(
    format: "raw" | "pkcs8",
    key: Uint8Array,
    algorithm: object,
    isExtractable: false,
    uses: readonly ["sign"],
  ): Promise<object>;
  sign(algorithm: object, key: object, data: Uint8Array): Promise<ArrayBuffer>;
}

/** The parts of a `DecompressionStream` that this package uses. */
interface Decompression {
  readonly writable: {
    getWriter(): {
      write(bytes: Uint8Array): Promise<void>;
      close(): Promise<void>;
      abort(reason: unknown): Promise<void>;
    };
  };
  readonly readable: {
    getReader(): {
      read(): Promise<{ readonly value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  };
}

/** The part of an `AbortController` that this package uses. */
export interface AbortControllerLike {
  readonly signal: FetchSignal;
  abort(reason?: unknown): void;
}

/** The parts of `URL` that this package uses. */
export interface UrlLike {
  readonly href: string;
  search: string;
  readonly searchParams: { set(name: string, value: string): void };
  readonly origin: string;
  readonly host: string;
  readonly pathname: string;
  protocol: string;
  readonly username: string;
  readonly password: string;
}

/** The part of an `AbortSignal` that a read needs. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A whole `AbortSignal`, which `fetch` requires. It is assignable to `SignalLike`: TypeScript compares methods loosely. */
export interface FetchSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  readonly onabort: null;
  throwIfAborted(): void;
  addEventListener(type: string, listener: never, options?: never): void;
  removeEventListener(type: string, listener: never, options?: never): void;
  dispatchEvent(event: never): boolean;
}

/** Milliseconds. A timer with a longer delay fires at once. */
export const longestTimer: number = 2 ** 31 - 1;

/** Throws the reason of an aborted signal unchanged, as `fetch` does. */
export function throwIfAborted(signal: SignalLike): void {
  if (signal.aborted) throw signal.reason;
}

export const platform: Platform = globalThis as unknown as Platform;

/** The properties that are read from errors of other libraries. `socket` is the connection in errors of undici. */
export interface ForeignError extends Partial<
  Record<"name" | "message" | "code" | "stack" | "cause", unknown>
> {
  readonly socket?: { readonly bytesRead?: number };
}

/** Returns the innermost cause: `fetch` wraps it once or twice. */
export function innermost(error: unknown, depth = 10): ForeignError {
  const layer = Object(error) as ForeignError;
  return layer.cause && depth ? innermost(layer.cause, depth - 1) : layer;
}
