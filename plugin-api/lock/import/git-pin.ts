import { InvalidSyntax } from "../../error.ts";
import type { Source } from "../../model/distribution.ts";
import { isCommit, parseGitUrl } from "../../python/git-url.ts";

/** A commit that another tool's lock chose for what was asked of a repository. */
export type GitPin = Extract<Source, { readonly kind: "git" }>;

type Said = Readonly<Record<"url" | "commit", unknown>> &
  Partial<Readonly<Record<"reference" | "subdirectory" | "isLfs", unknown>>>;

/** The pin that the fields of another tool's lock say; undefined where they say no commit of a repository that can be read. */
export function gitPin({ url, commit, reference, subdirectory, isLfs }: Said): GitPin | undefined {
  if (typeof url !== "string" || typeof commit !== "string" || !isCommit(commit)) return undefined;
  const address = addressOf(url);
  if (address === undefined) return undefined;
  return {
    kind: "git",
    url: address,
    commit: commit.toLowerCase(),
    ...(typeof reference === "string" && { reference }),
    ...(typeof subdirectory === "string" && { subdirectory }),
    ...(isLfs === true && { isLfs }),
  };
}

/** The URL as sources have it: without credentials; user names stay for ssh alone. */
function addressOf(written: string): string | undefined {
  // As scp writes it, `git@host:path`.
  const scp = /^([^@/:]+@)?([\w.-]+):(?!\/)(.+)$/.exec(written);
  try {
    const url = new URL(parseGitUrl(`git+${scp ? `ssh://${scp[1] ?? ""}${scp[2]}/${scp[3]}` : written}`).url);
    url.password = "";
    if (url.protocol !== "ssh:") url.username = "";
    return url.href;
  } catch (error) {
    if (error instanceof InvalidSyntax || error instanceof TypeError) return undefined;
    throw error;
  }
}
