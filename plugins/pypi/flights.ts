/** One promise per key for all who want the same while it is under way (SPEC FET-12). A failure is not kept. */
export class Flights {
  readonly #flights = new Map<string, Promise<unknown>>();

  share<T>(key: string, work: () => Promise<T>): Promise<T> {
    let flight = this.#flights.get(key);
    if (!flight) this.#flights.set(key, (flight = this.#begin(key, work)));
    return flight as Promise<T>;
  }

  /** Async work takes a moment also where it fails at once: by its end the flight is noted. */
  async #begin(key: string, work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } finally {
      this.#flights.delete(key);
    }
  }
}
