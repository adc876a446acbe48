const NAME = /^(?:python|pypy|graalpy)w?(?:\d[\d.]*t?)?(?:\.exe)?$/;

/** Whether a command is one of the names that interpreters have in an environment; lower case. */
export const isInterpreterName = (command: string): boolean => NAME.test(command);
