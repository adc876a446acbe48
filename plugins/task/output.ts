import { writeOut } from "../../plugin-api/system/write-out.ts";

/**
 * Hands on what a task prints while others print too: whole lines, each behind the task's name. A line that is not ended comes
 * with `end`.
 */
export function linePrinter(name: string, width: number) {
  const rest = { stdout: "", stderr: "" };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const print = (stream: "stdout" | "stderr", lines: readonly string[]): void => {
    const text = lines.map((line) => `${name.padEnd(width)} | ${line}\n`).join("");
    if (text !== "") writeOut(stream === "stdout" ? 1 : 2, text);
  };
  return {
    take(piece: Uint8Array, stream: "stdout" | "stderr"): void {
      const lines = (rest[stream] + decoders[stream].decode(piece, { stream: true })).split("\n");
      rest[stream] = lines.pop() ?? "";
      print(stream, lines);
    },
    end(): void {
      for (const stream of ["stdout", "stderr"] as const) if (rest[stream] !== "") print(stream, [rest[stream]]);
    },
  };
}
