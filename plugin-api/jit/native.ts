/**
 * The executable starts with the JIT compiler held back, which halves the time of short commands; once a solve turns out
 * to be long, compiling pays. Only the engine has this switch, and it is not stable: where it is missing nothing is lost.
 */
let isEager = false;

export function compileEagerly(): void {
  if (isEager) return;
  isEager = true;
  const unsafe = (globalThis as { Bun?: { unsafe?: { setJITPolicy?: (scale: number) => void } } }).Bun?.unsafe;
  unsafe?.setJITPolicy?.(1);
}
