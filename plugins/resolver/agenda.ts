import type { PackageId } from "./clauses.ts";

/**
 * What is to be decided next: the most urgent package (lowest number), of equally urgent ones that which was met first.
 * Packages are added whenever they become urgent in some way, and entries that are no longer true are dropped on the way.
 */
export class Agenda {
  /** A binary heap of packages for each urgency, lowest id on top. */
  readonly #heaps: readonly PackageId[][];
  /** Which heaps a package is in, as bits. */
  readonly #places: number[] = [];

  constructor(urgencies: number) {
    this.#heaps = Array.from({ length: urgencies }, () => []);
  }

  add(id: PackageId, urgency: number): void {
    const places = this.#places[id] ?? 0;
    if ((places & (1 << urgency)) !== 0) return;
    this.#places[id] = places | (1 << urgency);
    const heap = this.#heaps[urgency]!;
    let at = heap.length;
    heap.push(id);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= id) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = id;
  }

  /** The first package that still has the urgency it was added with; it stays on the agenda. */
  first(urgencyOf: (id: PackageId) => number | undefined): PackageId | undefined {
    for (const [urgency, heap] of this.#heaps.entries()) {
      for (let id = heap[0]; id !== undefined; id = heap[0]) {
        if (urgencyOf(id) === urgency) return id;
        this.#places[id]! &= ~(1 << urgency);
        removeTop(heap);
      }
    }
    return undefined;
  }
}

function removeTop(heap: PackageId[]): void {
  const moved = heap.pop()!;
  const { length } = heap;
  if (length === 0) return;
  let at = 0;
  for (let child = 1; child < length; child = 2 * at + 1) {
    if (child + 1 < length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= moved) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = moved;
}
