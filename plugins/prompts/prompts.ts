import { warning } from "../../plugin-api/diagnostic.ts";
import { type Prompts } from "../../plugin-api/prompts.ts";
import { Host, Redactor } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { onlyCallerCan } from "../../plugin-api/system/stand-in.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import { COLORED_TEXT, PLAIN_TEXT, wantsColor } from "../../plugin-api/text/style.ts";
import { askYesNo } from "./ask.ts";
import { askLine } from "./ask-line.ts";
import { askText } from "./ask-text.ts";

const STDERR = 2;

/** The `Prompts` service (SPEC CLI-12). */
export default async function prompts(session: Session): Promise<Prompts> {
  const host = await session.use(Host);
  return {
    async confirm(question, safe) {
      if (session.settings["yes"] === true) return true;
      if (host.canPrompt) {
        onlyCallerCan();
        session.emit({ type: "Prompt", question });
        return askYesNo({
          question,
          safe,
          signal: session.signal,
          input: process.stdin,
          write: (text) => writeOut(STDERR, text),
        });
      }
      const answer = safe ? "yes" : "no";
      const diagnostic = warning("I_ANSWER_TAKEN", `no terminal to ask \`${question}\`, so the answer is ${answer}`, {
        context: { question, answer: safe },
      });
      session.emit({ type: "Diagnostic", diagnostic });
      return safe;
    },
    async text(question, kind) {
      if (!host.canPrompt) return undefined;
      onlyCallerCan();
      session.emit({ type: "Prompt", question });
      const answer = await askText({
        question,
        isSecret: kind === "secret",
        signal: session.signal,
        input: process.stdin,
        write: (text) => writeOut(STDERR, text),
      });
      if (kind === "secret" && answer !== undefined) (await session.use(Redactor)).addSecret(answer);
      return answer;
    },
    async ask(question) {
      if (!host.canPrompt || session.settings["yes"] === true) return question.usual;
      onlyCallerCan();
      session.emit({ type: "Prompt", question: question.words });
      const { signal } = session;
      const write = (text: string): void => writeOut(STDERR, text);
      const hasColor = wantsColor(host.output.color, host.env, true);
      return askLine(question, {
        read: (prompt) => askText({ question: prompt, isSecret: false, signal, input: process.stdin, write }),
        write,
        paint: hasColor ? COLORED_TEXT : PLAIN_TEXT,
      });
    },
  };
}
