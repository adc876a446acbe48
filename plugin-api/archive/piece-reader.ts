/** Reads a stream of pieces by length. */
export interface PieceReader {
  /** How many bytes were taken so far. */
  readonly offset: number;
  /** The next `length` bytes; undefined when the stream ends before them. */
  take(length: number): Promise<Buffer | undefined>;
  /** Passes over bytes; that the stream ends before them is seen by the next `take`. */
  skip(length: number): Promise<void>;
  /** Hands the next `length` bytes on piece by piece. False when the stream ends before them. */
  pour(length: number, sink: (piece: Buffer) => void): Promise<boolean>;
  /** Whatever comes next; undefined at the end. */
  any(): Promise<Buffer | undefined>;
  /** Stops asking, so that whoever makes the pieces can let go of what it holds. */
  end(): Promise<void>;
}

/** A reader over pieces of any size. It holds one piece at a time, and what `take` asks for. */
export function createPieceReader(pieces: AsyncIterable<Buffer>): PieceReader {
  const iterator = pieces[Symbol.asyncIterator]();
  let current: Buffer = Buffer.alloc(0);
  let offset = 0;
  const atMost = async (length: number): Promise<Buffer | undefined> => {
    while (current.length === 0) {
      const next = await iterator.next();
      if (next.done === true) return undefined;
      current = next.value;
    }
    const piece = current.subarray(0, length);
    current = current.subarray(piece.length);
    offset += piece.length;
    return piece;
  };
  const pour = async (length: number, sink: (piece: Buffer) => void): Promise<boolean> => {
    for (let left = length; left > 0; ) {
      const piece = await atMost(left);
      if (piece === undefined) return false;
      left -= piece.length;
      sink(piece);
    }
    return true;
  };
  return {
    get offset() {
      return offset;
    },
    async take(length) {
      const parts: Buffer[] = [];
      const isWhole = await pour(length, (piece) => parts.push(piece));
      if (!isWhole) return undefined;
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    },
    skip: async (length) => void (await pour(length, () => undefined)),
    pour,
    any: () => atMost(Number.MAX_SAFE_INTEGER),
    end: async () => void (await iterator.return?.()),
  };
}
