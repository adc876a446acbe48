import { PybunError } from "../../plugin-api/error.ts";
import type { Unpacked, UnpackJob } from "./unpack.ts";

/** What is sent to an ingest thread. */
export type IngestRequest =
  | { readonly kind: "unpack"; readonly job: UnpackJob }
  | { readonly kind: "publish"; readonly job: UnpackJob; readonly unpacked: Unpacked };

/** What it answers, one answer to each request. */
export type IngestAnswer = { readonly unpacked: Unpacked } | { readonly failure: Failure };

/** An error in plain data: threads exchange no classes. */
interface Failure {
  readonly message: string;
  readonly code: string | undefined;
  /** Only of PyBun's own errors. */
  readonly detail: PybunError["detail"] | undefined;
  /** Fields of Node's system errors that messages are made of. */
  readonly system: Readonly<Record<string, unknown>>;
}

export function failureOf(error: unknown): Failure {
  const { message, code, errno, syscall, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const system = { errno, syscall, path, dest };
  if (!(error instanceof PybunError)) return { message, code, detail: undefined, system };
  const { cause: _cause, ...detail } = error.detail;
  return { message, code: error.code, detail, system };
}

export function errorFrom({ message, code, detail, system }: Failure): Error {
  if (detail !== undefined && code !== undefined) return new PybunError(code, message, detail);
  return Object.assign(new Error(message), { ...system, ...(code !== undefined && { code }) });
}
