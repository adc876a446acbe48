import { createInterface } from "node:readline";

export interface Question {
  readonly question: string;
  /** Taken for an empty line and at the end of input. */
  readonly safe: boolean;
  readonly signal: AbortSignal;
  readonly input: NodeJS.ReadableStream;
  readonly write: (text: string) => void;
}

const ANSWERS: Readonly<Record<string, boolean>> = { y: true, yes: true, n: false, no: false };

/** Asks until there is an answer. The terminal itself edits the line, so nothing has to be put back afterwards. */
export function askYesNo({ question, safe, signal, input, write }: Question): Promise<boolean> {
  const prompt = `${question} ${safe ? "[Y/n]" : "[y/N]"} `;
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, terminal: false });
    const end = (settle: () => void): void => {
      signal.removeEventListener("abort", abort);
      lines.removeAllListeners();
      lines.close();
      // Else a stream that may still give something would keep the process alive.
      (input as { unref?: () => void }).unref?.();
      settle();
    };
    const abort = (): void => end(() => reject(signal.reason));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    lines.on("line", (line) => {
      const word = line.trim().toLowerCase();
      const answer = word === "" ? safe : ANSWERS[word];
      if (answer === undefined) write(`yes or no? ${prompt}`);
      else end(() => resolve(answer));
    });
    lines.on("close", () => {
      write("\n");
      end(() => resolve(safe));
    });
    write(prompt);
  });
}
