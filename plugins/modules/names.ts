/** What an `import` statement can name. */
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const PLAIN = /^[A-Za-z_]\w*$/;

export const isIdentifier = (name: string): boolean => PLAIN.test(name) || IDENTIFIER.test(name);

/** Those that an `import` statement can say, in their order. */
export function inOrder(names: Iterable<string>): readonly string[] {
  const tails: string[] = [];
  for (const name of names) if (name !== "__pycache__" && name !== "__init__" && isIdentifier(name)) tails.push(name);
  return tails.length > 1 ? tails.sort() : tails;
}
