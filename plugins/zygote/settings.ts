import { options } from "../../plugin-api/option.ts";

export const settings = options({
  zygote: {
    kind: "flag",
    default: true,
    key: "run.zygote",
    isHidden: true,
    help: "run programs by forks of a Python that has started already; --no-zygote starts each anew",
  },
});
