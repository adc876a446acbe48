import { PybunError } from "../../plugin-api/error.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Index } from "./index-list.ts";

const hostOf = ({ url }: Index): string => new URL(url).host;

/** Runs a request and, when it fails, says which index could not be reached (`E_NETWORK`). */
export async function unreachable<T>(index: Index, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PybunError) || error.code !== "E_NETWORK") throw error;
    const { reason, kind } = (error.detail.context ?? {}) as { readonly reason?: string; readonly kind?: string };
    const isReached = kind === "status" || kind === "body" || kind === "redirect";
    const message = isReached
      ? `index \`${index.name}\` (${hostOf(index)}) did not answer as it should: ${reason}`
      : `cannot reach index \`${index.name}\` (${hostOf(index)}), ${reason}`;
    throw new PybunError("E_NETWORK", message, {
      ...error.detail,
      context: { ...error.detail.context, index: index.name },
      cause: error.cause,
    });
  }
}

export const unexpectedStatus = (index: Index, status: number): PybunError =>
  new PybunError(
    "E_NETWORK",
    `index \`${index.name}\` (${hostOf(index)}) did not answer as it should: status ${status}`,
    {
      context: { index: index.name, status },
    },
  );

export const refused = (name: PackageName, index: Index, status: number): PybunError =>
  new PybunError("E_AUTH", `index \`${index.name}\` refused the credentials or has no \`${name}\` (${status})`, {
    hints: [
      `log in: \`pybun auth login ${index.url}\``,
      `or for one run: \`export PYBUN_INDEX_${variable(index.name)}_USERNAME=… PYBUN_INDEX_${variable(index.name)}_PASSWORD=…\``,
    ],
    context: { index: index.name, package: name, status },
  });

const variable = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, "_");

export const noIndexPage = (name: PackageName, index: Index, what: string): PybunError =>
  new PybunError("E_INDEX_PAGE", `index \`${index.name}\` (${hostOf(index)}) answered with ${what}`, {
    context: { index: index.name, package: name, url: `${index.url}${name}/` },
  });

export const unsafePage = (name: PackageName, index: Index, what: string): PybunError =>
  new PybunError("E_INDEX_UNSAFE", `index \`${index.name}\` lists ${what} for \`${name}\``, {
    context: { index: index.name, package: name },
  });

export const invalidPin = (name: PackageName, pin: string, indexes: readonly Index[]): PybunError =>
  new PybunError("E_INDEX_INVALID", `\`${name}\` is to come from the index \`${pin}\`, which is not configured`, {
    evidence: [`configured  ${indexes.map((index) => index.name).join(", ") || "none"}`],
    context: { package: name, index: pin },
  });

export const unreadable = (index: Index, file: string): PybunError =>
  new PybunError("E_INDEX_INVALID", `index \`${index.name}\` can't be read: there is no ${file}`, {
    context: { index: index.name },
    file,
  });

export const invalidJsonIndex = (file: string, fault: string, cause?: unknown): PybunError =>
  new PybunError("E_INDEX_INVALID", `the index ${file} can't be used: ${fault}`, {
    file,
    ...(cause !== undefined && { cause }),
  });
