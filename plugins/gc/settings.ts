import { options } from "../../plugin-api/option.ts";

export const settings = options({
  cacheMaxSize: {
    kind: "text",
    argv: false,
    env: ["PYBUN_CACHE_MAX_SIZE"],
    key: "cache.max-size",
    form: "size",
    value: "SIZE",
    help: "what all caches may take together, such as 20G; kept to whenever something was installed",
  },
  cacheMaxAge: {
    kind: "text",
    argv: false,
    default: "90d",
    env: ["PYBUN_CACHE_MAX_AGE"],
    key: "cache.max-age",
    form: "age",
    value: "AGE",
    help: "how long what nobody uses is kept before `pybun gc` removes it",
  },
});
