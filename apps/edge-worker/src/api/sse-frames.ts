/** Reads a stream of server-sent events frame by frame, however its bytes are cut into chunks. */
export class FrameReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  /** The next whole frames with an event, as text; `undefined` at the end of the stream. Frames with only a `retry:` are left out. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#rest += this.#decoder.decode(value, { stream: true });
      const end = this.#rest.lastIndexOf('\n\n');
      if (end === -1) continue;
      const whole = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(end + 2);
      const events = whole.split('\n\n').filter((frame) => frame.includes('data:'));
      if (events.length > 0) return `${events.join('\n\n')}\n\n`;
    }
  }

  /** Stops reading, and cancels the source. */
  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}
