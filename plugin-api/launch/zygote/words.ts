// Imported by the start of the executable: it imports nothing.

/**
 * Signals that a process may be sent in place of the program that it stands for, with the numbers of Linux. Those of the terminal reach the
 * program itself.
 */
export const HANDED_ON = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGTERM: 15,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGALRM: 14,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGURG: 23,
} as const satisfies Readonly<Partial<Record<NodeJS.Signals, number>>>;

/** The server says that it continues who stands for a program before it does: that has been read after so long, also where much is going on. */
export const TOLD_MS = 100;

/** Said by who stands for a program whose server ends without a word. */
export const SERVER_KILLED = "pybun: the fork server that ran this program was killed\n";
