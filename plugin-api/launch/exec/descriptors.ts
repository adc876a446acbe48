// Part of the start of the executable: it imports nothing.

/** What the runtime itself opens at its start, by the names that Linux gives it in `/proc/self/fd`. */
const OF_RUNTIME = /^anon_inode:\[(?:eventpoll|eventfd|timerfd|io_uring)\]$/;

let remembered: readonly number[] | undefined;

/** Of what is open, by number and what it leads to, that which the caller handed over beside the three streams. Pure. */
export const handedOver = (open: readonly (readonly [descriptor: number, target: string])[]): readonly number[] =>
  open.flatMap(([descriptor, target]) => (descriptor > 2 && !OF_RUNTIME.test(target) ? [descriptor] : []));

/** Keeps what was handed over, before this process opens anything of its own. */
export function rememberDescriptors(descriptors: readonly number[]): void {
  remembered = descriptors;
}

/** What was kept; undefined where nothing was, because nothing has been opened yet. */
export const rememberedDescriptors = (): readonly number[] | undefined => remembered;
