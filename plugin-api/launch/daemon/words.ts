// Imported by the start of the executable: it imports nothing.

/** First word of the command line that makes a process a daemon; its socket is the second. */
export const SERVE = "__daemon";

/** The setting that daemons may be asked by. */
export const DAEMON = "daemon";

/** First byte of what a daemon and who asks it say to each other after the request. */
export const WORD = {
  /** By the daemon: it can run this. */
  accepted: 1,
  /** By the one who asks: then do. */
  go: 2,
  /** By the daemon: the command has ended, with the code in the next byte. */
  ended: 3,
  /** By the daemon: only the process that asked can go on; nothing has been done. */
  left: 4,
  /** By the daemon: the process that asked is to become a program, told by fields behind their length in 4 bytes. */
  become: 5,
} as const;

/** What asks a command to stop, with the numbers of Linux. */
export const STOPPING = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Code of a process that ended in the middle (SPEC 1.5, `E_INTERNAL`): set from the start; whoever ends it on purpose sets another one. */
export const UNFINISHED = 70;
/** Said where a daemon ends without a word. */
export const KILLED = `error[E_INTERNAL]: the daemon that ran this command was killed
hint: run it once more; what was under way is completed or undone then
`;
