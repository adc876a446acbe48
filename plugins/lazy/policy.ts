import type { Values } from "../../plugin-api/option.ts";
import type { settings } from "./settings.ts";

/** Which imports wait, in all programs of a run. */
export interface LazyPolicy {
  readonly mode: "off" | "profile" | "all";
  readonly allow: readonly string[];
  /** Of the configuration alone; `DENIED` holds besides. */
  readonly deny: readonly string[];
  readonly importers: readonly string[];
  readonly fallback: boolean;
  readonly logImports: boolean;
}

/**
 * What is never lazy (SPEC LZY-03): the core, which is there anyway; what other code expects to have run (`six` puts modules into
 * `sys.modules`, `setuptools` replaces `distutils`, `gevent` patches the library); what changes the process.
 */
export const DENIED: readonly string[] = [
  ..."__future__ __main__ _thread abc atexit builtins codecs collections dataclasses encodings enum faulthandler gc".split(
    " ",
  ),
  ..."importlib io multiprocessing os readline rlcompleter signal site sitecustomize sys threading types typing".split(
    " ",
  ),
  ..."typing_extensions usercustomize warnings zipimport".split(" "),
  ..."_distutils_hack antigravity distutils eventlet gevent pkg_resources setuptools six this".split(" "),
];

export const FIRST_PARTY = "first-party";

/** The policy that the settings say. */
export const policyOf = (values: Values<typeof settings>): LazyPolicy => ({
  mode: values.lazyMode,
  allow: values.lazyAllow,
  deny: values.lazyDeny,
  importers: values.lazyImporters.length > 0 ? values.lazyImporters : [FIRST_PARTY],
  fallback: values.lazyFallback,
  logImports: values.lazyLogImports,
});

/** `pandas` is pandas and all below it, `pandas.*` what is below it, `*` everything. As in python/runtime.py. */
export function matching(module: string, patterns: readonly string[]): string | undefined {
  return patterns.find((pattern) => {
    if (pattern === "*" || pattern === module) return true;
    const stem = pattern.endsWith(".*") ? pattern.slice(0, -2) : pattern;
    return module.startsWith(`${stem}.`);
  });
}

/** What happens to imports of a module, and by which rule. */
export interface Decision {
  readonly module: string;
  readonly isLazy: boolean;
  readonly rule: "built-in deny list" | "run.lazy.deny" | "run.lazy.allow" | "run.lazy.mode" | "not in run.lazy.allow";
  /** The entry that decided, where one did. */
  readonly pattern?: string;
  /** Importers for which it is otherwise: entries of `deny` that name one. */
  readonly exceptions: readonly string[];
}

/** Deny beats allow. */
export function decide(policy: LazyPolicy, module: string): Decision {
  const exceptions = policy.deny
    .filter((entry) => entry.includes(":"))
    .filter((entry) => matching(module, [entry.slice(entry.indexOf(":") + 1)]) !== undefined);
  const decision = (isLazy: boolean, rule: Decision["rule"], pattern?: string): Decision => ({
    module,
    isLazy,
    rule,
    ...(pattern !== undefined && { pattern }),
    exceptions: isLazy ? exceptions : [],
  });
  const core = matching(module, DENIED);
  if (core !== undefined) return decision(false, "built-in deny list", core);
  const denied = matching(
    module,
    policy.deny.filter((entry) => !entry.includes(":")),
  );
  if (denied !== undefined) return decision(false, "run.lazy.deny", denied);
  if (policy.mode === "off") return decision(false, "run.lazy.mode", "off");
  if (policy.mode === "all") return decision(true, "run.lazy.mode", "all");
  const allowed = matching(module, policy.allow);
  return allowed === undefined ? decision(false, "not in run.lazy.allow") : decision(true, "run.lazy.allow", allowed);
}
