/** Why an attempt is stopped: the reason of its signal, and what its outcome then says. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  /**
   * The error code of the outcome. The ledger goes by what it knows itself: of a task that is to be canceled any failure ends it
   * `canceled`, and a result whose lease is lost is kept as evidence only, where this code says why it is none.
   */
  readonly code: 'timeout.start_to_close' | 'lease_lost' | 'canceled';

  constructor(code: Stopped['code'], message: string) {
    super(message);
    this.code = code;
  }
}
