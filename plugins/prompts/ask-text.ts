/** A terminal, or what stands for one. */
export interface Typed extends NodeJS.ReadableStream {
  setRawMode?(isRaw: boolean): unknown;
  unref?(): unknown;
}
export interface TextQuestion {
  readonly question: string;
  /** Nothing of the answer is shown. */
  readonly isSecret: boolean;
  readonly signal: AbortSignal;
  readonly input: Typed;
  readonly write: (text: string) => void;
}

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const CTRL_U = "\u0015";
const ERASE = new Set(["\u0008", "\u007f"]);

/** Asks for one line; undefined for an empty one and at the end of input. Ctrl-C acts as it does everywhere else. */
export function askText({ question, isSecret, signal, input, write }: TextQuestion): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    // The terminal shows what is typed unless it hands over every key at once; editing the line is ours then.
    const isRaw = isSecret && input.setRawMode !== undefined;
    const decoder = new TextDecoder();
    let line = "";
    const end = (settle: () => void): void => {
      signal.removeEventListener("abort", abort);
      input.removeListener("data", take);
      input.removeListener("end", finish);
      if (isRaw) input.setRawMode?.(false);
      input.pause();
      // Else a stream that may still give something would keep the process alive.
      input.unref?.();
      settle();
    };
    const abort = (): void => end(() => reject(signal.reason));
    const finish = (): void => {
      if (isRaw) write("\n");
      end(() => resolve(line === "" ? undefined : line));
    };
    const take = (chunk: Buffer): void => {
      for (const key of decoder.decode(chunk, { stream: true })) {
        if (key === "\n" || key === "\r" || key === CTRL_D) return finish();
        if (!isRaw) line += key;
        else if (key === CTRL_C) interrupt();
        else if (key === CTRL_U) line = "";
        else if (ERASE.has(key)) line = Array.from(line).slice(0, -1).join("");
        else if (key >= " ") line += key;
      }
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    if (isRaw) input.setRawMode?.(true);
    write(question);
    input.on("data", take);
    input.on("end", finish);
    input.resume();
  });
}

/** In raw mode the terminal sends no signal for Ctrl-C. */
const interrupt = (): void => void process.kill(process.pid, "SIGINT");
