/** A type with everything in it read-only, as the vocabulary of plugins declares it. */
export type Frozen<T> = T extends readonly (infer I)[]
  ? T extends readonly [unknown, ...unknown[]]
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : readonly Frozen<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** `true` where two types take each other's values, else a type that holds both for the message. */
export type Same<A, B> = [A] extends [B]
  ? [B] extends [A]
    ? true
    : { missing: Exclude<keyof B, keyof A> }
  : { differs: [A, B] };
