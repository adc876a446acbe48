import { spawn } from "node:child_process";
import { unsafeArchive } from "./fault.ts";

/** Which of Python's modules reads a file, and where that Python is. */
export interface Decompression {
  readonly format: "bz2" | "lzma";
  readonly python: string;
  /** The archive's name for messages. */
  readonly archive: string;
}

const PROGRAM =
  "import sys,shutil,importlib as i;shutil.copyfileobj(i.import_module(sys.argv[1]).open(sys.argv[2]),sys.stdout.buffer)";

/**
 * Unpacks a bzip2 or xz file by the standard library of a Python, for neither has a reader here and few archives still use
 * them. The process is ended when the caller stops asking. Throws `E_ARCHIVE_UNSAFE`.
 */
export async function* decompress(file: string, { format, python, archive }: Decompression): AsyncGenerator<Buffer> {
  const child = spawn(python, ["-I", "-S", "-c", PROGRAM, format, file], { stdio: ["ignore", "pipe", "pipe"] });
  const errors: Buffer[] = [];
  child.stderr.on("data", (piece: Buffer) => errors.push(piece));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const code = await ended;
    if (code === 0) return;
    const reason = Buffer.concat(errors).toString("utf8").trim().split("\n").at(-1) ?? "";
    throw unsafeArchive(archive, `Python could not unpack its ${format} data: ${reason}`);
  } finally {
    child.kill();
    ended.catch(() => undefined);
  }
}
