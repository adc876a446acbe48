import { definePreset } from "../plugin-api/preset.ts";

/** Packages and scripts, without the tools for people who shape the product. */
export default definePreset({ name: "minimal", extends: "default", plugins: [], without: [] });
