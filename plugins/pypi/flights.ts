/** One promise per key for all who want the same while it is under way (SPEC FET-12). A failure is not kept. */
export class Flights {
  readonly #flights = new Map<string, Promise<unknown>>();

  share<T>(key: string, work: () => Promise<T>): Promise<T> {
    let flight = this.#flights.get(key);
    if (!flight) {
      flight = work().finally(() => this.#flights.delete(key));
      this.#flights.set(key, flight);
    }
    return flight as Promise<T>;
  }
}
