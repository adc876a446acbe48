/** Interpreter options that may stand before the target, and whether a value follows (SPEC RUN-09). */
export const PYTHON_OPTIONS = {
  "-b": false,
  "-B": false,
  "-d": false,
  "-E": false,
  "-i": false,
  "-I": false,
  "-O": false,
  "-OO": false,
  "-P": false,
  "-R": false,
  "-s": false,
  "-S": false,
  "-u": false,
  "-x": false,
  "-W": true,
  "-X": true,
} as const;
