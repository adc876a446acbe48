const MOST = 50_000;

/**
 * Remembers what a pure function made of each text. The table starts anew when it has so many entries, so that a
 * long-running process does not keep every text it ever met. A text the function throws on is not remembered.
 */
export function cachedByText<T extends object>(make: (text: string) => T, most = MOST): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const hit = known.get(text);
    if (hit !== undefined) return hit;
    if (known.size >= most) known.clear();
    const made = make(text);
    known.set(text, made);
    return made;
  };
}
