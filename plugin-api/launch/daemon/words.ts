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
  /** By the daemon: the process that asked is to become a program, told as JSON behind a length in 4 bytes. */
  become: 5,
} as const;
