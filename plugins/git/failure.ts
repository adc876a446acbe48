import { PybunError } from "../../plugin-api/error.ts";

/** What git was about when it failed. */
export interface FailedGit {
  /** Completes "can't …": `fetch https://…`. */
  readonly doing: string;
  readonly url: string;
  readonly stderr: string;
}

interface Sort {
  readonly code: string;
  readonly pattern: RegExp;
  readonly why: string;
  readonly hint?: (url: string) => string;
  readonly isRetryable?: true;
}

const check = (url: string): string => `try it with git itself: \`git ls-remote ${url}\``;

/** In order: a refused login is also "could not read", and a host that is not known also "could not read from remote". */
const SORTS: readonly Sort[] = [
  {
    code: "E_AUTH",
    pattern: /host key verification failed/i,
    why: "ssh does not know the host's key",
    hint: (url) => `connect once by hand, and compare the key: \`ssh ${new URL(url).host}\``,
  },
  {
    code: "E_AUTH",
    pattern:
      /terminal prompts disabled|could not read (?:username|password)|authentication failed|permission denied|invalid username|access denied|error: 40[13]\b|too many authentication failures/i,
    why: "the host wants credentials, or refuses those it got",
    hint: (url) => `put them where git finds them, and try: \`git ls-remote ${url}\``,
  },
  {
    code: "E_NETWORK",
    pattern:
      /could not resolve|failed to connect|connection (?:timed out|refused|reset|closed)|couldn't connect|network is unreachable|early eof|rpc failed|unexpected disconnect|operation timed out|ssl|certificate|gnutls|error: 5\d\d\b/i,
    why: "the host can't be reached",
    isRetryable: true,
  },
  {
    code: "E_GIT_FAILED",
    pattern: /transport '.*' not allowed/i,
    why: "it leads to a place that is not allowed",
  },
  {
    code: "E_GIT_REPOSITORY",
    pattern:
      /not found|does not appear to be a git repository|does not exist|no such file|error: 404\b|project you were looking for|not valid: is this a git repository|dubious ownership/i,
    why: "there is no repository, or none you may see",
    hint: check,
  },
];

/** The error a user meets when git failed, in git's own last words. */
export function gitFailure({ doing, url, stderr }: FailedGit): PybunError {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => /^(?:fatal|error|remote|ssh|warning):|denied|failed|refused/i.test(line));
  const sort = SORTS.find(({ pattern }) => pattern.test(stderr));
  const { code = "E_GIT_FAILED", why = "git ended with an error", hint, isRetryable } = sort ?? {};
  return new PybunError(code, `can't ${doing}: ${why}`, {
    evidence: [...new Set(lines)]
      .slice(-4)
      .map((line) => line.replace(/(\w:\/\/)(?!git@)[^/@\s]*@/g, "$1").slice(0, 300)),
    ...(hint && { hints: [hint(url)] }),
    ...(isRetryable && { isRetryable }),
    context: { url },
  });
}
