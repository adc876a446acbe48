import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Prompts } from "../../plugin-api/prompts.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "prompts",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Asks questions on a terminal, and takes the safe answer elsewhere",
  maturity: "preview",
  services: [provide(Prompts, () => import("./prompts.ts"))],
  codes,
});
