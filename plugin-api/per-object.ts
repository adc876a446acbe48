/** A pure function of an object that never changes, worked out once for each object as long as that is there. */
export function perObject<K extends object, V extends object>(work: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    let result = known.get(key);
    if (result === undefined) known.set(key, (result = work(key)));
    return result;
  };
}
