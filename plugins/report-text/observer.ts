import { join } from "node:path";
import type { Observer, OutputChoice } from "../../plugin-api/plugin.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Host, Redactor } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { isTerminal, terminalColumns } from "../../plugin-api/system/terminal.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import { isUtf8Locale, textStyle, wantsColor } from "../../plugin-api/text/style.ts";
import { type Stream, textReporter } from "./text-reporter.ts";

/**
 * The observer of a real run: both streams of the process, each with its own style, both redacted. Paths in results stay
 * whole, so that they can be handed on; what is said beside them has the home directory as `~`, as in JSON.
 */
export default async function observe(session: Session, choice: OutputChoice): Promise<Observer> {
  const [host, redactor] = await Promise.all([session.use(Host), session.use(Redactor)]);
  const redact = (fd: 1 | 2, text: string) => (fd === 1 ? redactor.redactSecrets(text) : redactor.redactText(text));
  const stream = (fd: 1 | 2): Stream => ({
    style: lazily(() => styleOf(fd, host, choice)),
    write: (text) => writeOut(fd, choice.isRedacted ? redact(fd, text) : text),
  });
  const isRich = choice.verbosity > 0 || choice.isTraced || isOn(host.env, "PYBUN_BACKTRACE", "RUST_BACKTRACE");
  const rich = isRich ? (await import("./rich-error.ts")).richLines : undefined;
  const say = choice.verbosity > 0 ? (await import("./verbose-line.ts")).verboseLine : undefined;
  return textReporter({
    out: stream(1),
    err: stream(2),
    choice,
    cwd: session.cwd,
    ...(rich && {
      rich: (diagnostic) =>
        rich(diagnostic, { cwd: session.cwd, runId: host.runId, logDir: join(host.dataDir, "logs") }),
    }),
    ...(say && { say }),
  });
}

const isOn = (env: Host["env"], ...names: readonly string[]): boolean =>
  names.some((name) => !["", "0", "false", undefined].includes(env[name]));

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function styleOf(fd: 1 | 2, { env, platform }: Host, { color, verbosity, isQuiet }: OutputChoice): TextStyle {
  const isTty = isTerminal(fd);
  return textStyle({
    isTerminal: isTty,
    hasColor: wantsColor(color, env, isTty),
    isUnicode: isTty && isUtf8Locale(env, platform),
    columns: terminalColumns,
    verbosity,
    isQuiet,
  });
}
