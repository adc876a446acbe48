/** The words that start this program once more: the executable, and from source the program's file. */
export function ownCommand(): readonly [program: string, ...rest: string[]] {
  const [, file] = process.argv;
  return file?.endsWith(".ts") && !file.includes("$bunfs") ? [process.execPath, file] : [process.execPath];
}
