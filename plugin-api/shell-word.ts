const PLAIN = /^[A-Za-z0-9_@%+=:,./-][A-Za-z0-9_@%+=:,./~-]*$/;

/** One argument for a POSIX shell: as it is when it needs no quotes, else in double quotes, with what they keep special escaped. */
export function shellWord(argument: string): string {
  if (PLAIN.test(argument)) return argument;
  return `"${argument.replace(/["\\$`]/g, "\\$&")}"`;
}

/** An argv array as one line that a POSIX shell splits into the same words. */
export const shellJoin = (command: readonly string[]): string => command.map(shellWord).join(" ");
