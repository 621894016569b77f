/** Decodes bodies that are not JSON: `jsonLines()`, `csv()`. */
export interface Decoder {
  /** The spec's word: `csv`. */
  readonly type: string;
  /** The options it was made with, as data. */
  readonly options: object;
  /** The value of the `Accept` header unless another header replaces it. */
  readonly accept: string;
  /** The charset of the body, in place of that of `Content-Type`. */
  readonly encoding?: string | undefined;
  /** Decompresses the content, if it is compressed itself. Throws if it breaks off. */
  readonly decompress?: ((parts: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
  /**
   * Starts to decode a body. Call `fail("INVALID_BODY", …)` for a body of another format. `isFirst`: no page of the read has come
   * yet.
   */
  readonly start: (isFirst?: boolean) => BodyDecoder;
}

/** Decodes one body. */
export interface BodyDecoder {
  /** Receives the text of the body, in one or more pieces. */
  readonly push: (text: string) => void;
  /**
   * Returns the decoded body, from which the resource's selector takes the records. `isOpenEnded`: the response does not
   * state where its body ends, so that the last line may be cut.
   */
  readonly end: (isOpenEnded?: boolean) => unknown;
}
