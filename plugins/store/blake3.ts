/** Hashes contents one after another; each `hash` is complete in itself. */
export interface Blake3Hasher {
  hash(content: Uint8Array): string;
  /** A hash of its own, for content that comes in pieces while others are hashed. */
  open(): Promise<{ update(piece: Uint8Array): void; digest(): string }>;
}

let loading: Promise<Blake3Hasher> | undefined;

/** The hasher; its WebAssembly is loaded the first time somebody takes a wheel in, and never to look one up. */
export function loadBlake3(): Promise<Blake3Hasher> {
  loading ??= (async () => {
    const { createBLAKE3 } = await import("hash-wasm");
    const own = await createBLAKE3();
    return {
      hash: (content) => own.init().update(content).digest("hex"),
      open: async () => {
        const fresh = (await createBLAKE3()).init();
        return { update: (piece) => void fresh.update(piece), digest: () => fresh.digest("hex") };
      },
    };
  })();
  return loading;
}
