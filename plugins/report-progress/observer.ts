import type { Observer, OutputChoice } from "../../plugin-api/plugin.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { isTerminal, terminalColumns } from "../../plugin-api/system/terminal.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import { isUtf8Locale } from "../../plugin-api/text/style.ts";
import { animate } from "./animate.ts";
import { plainLines } from "./plain-lines.ts";

const nothing: Observer = () => {};
const write = (text: string): void => writeOut(2, text);

/** Drawn in a terminal, plain lines elsewhere when asked for, else nothing (SPEC PRG-03, PRG-05). */
export default async function observe(session: Session, choice: OutputChoice): Promise<Observer> {
  if (session.settings["noProgress"] === true) return nothing;
  const { env, platform } = await session.use(Host);
  const canDraw = isTerminal(2) && env["TERM"] !== "dumb";
  if (!canDraw) return choice.progress === "always" ? plainLines(write, () => performance.now()) : nothing;
  if (choice.progress === "auto" && env["CI"]) return nothing;
  const { observe: draw, erase } = animate({
    write,
    nowMs: () => performance.now(),
    columns: terminalColumns,
    isUnicode: isUtf8Locale(env, platform),
    isTalkative: choice.verbosity > 0,
    every: (ms, tick) => {
      const timer = setInterval(tick, ms);
      timer.unref();
      return () => clearInterval(timer);
    },
  });
  // A second Ctrl-C ends the process without a report.
  process.once("exit", erase);
  return draw;
}
