/**
 * The executable starts with the JIT compiler held back, which halves the time of short commands; once more is to be done,
 * compiling pays. Only the engine has this switch, and it is not stable: where it is missing nothing is lost.
 */
let isEager = false;
let isReady = false;

/** As much held back as makes the thousands of lines on new index pages cost least; what a command does once is still not compiled. */
const READY_SCALE = 60;

/** For a command that works through much in few places. */
export function compileWhatRepeats(): void {
  if (isReady) return;
  isReady = true;
  setPolicy(READY_SCALE);
}

/** For one that will take long. */
export function compileEagerly(): void {
  if (isEager) return;
  isEager = isReady = true;
  setPolicy(1);
}

function setPolicy(scale: number): void {
  const unsafe = (globalThis as { Bun?: { unsafe?: { setJITPolicy?: (scale: number) => void } } }).Bun?.unsafe;
  unsafe?.setJITPolicy?.(scale);
}
