import type { Fast, Load } from "../plugin-api/command.ts";
import type { Preset } from "../plugin-api/preset.ts";
import { product } from "./product.ts";

/** What an executable is made of: loaded only when the call needs it. */
export interface Parts {
  /** Name of the preset the executable is. */
  readonly preset: string;
  readonly presets: () => Promise<Readonly<Record<string, Preset>>>;
  /** Commands with a fast form, by their first word. */
  readonly fast: Readonly<Record<string, Load<Fast>>>;
}

/**
 * The start of every executable. `--version` is answered before anything else loads; a repeated `run` by its own small
 * module; all else by the kernel. The failing exit code stands from the first instant, so a lost promise can't look
 * like success.
 */
export async function launch(parts: Parts): Promise<void> {
  process.exitCode = 70;
  const argv = process.argv.slice(2);
  const first = argv[0];
  if (argv.length === 1 && (first === "--version" || first === "-V")) {
    // Loading node:fs for one line would cost a fifth of the whole call.
    console.log(`${product.name} ${product.version}`);
    process.exit(0);
  }
  const fast = first === undefined ? undefined : parts.fast[first];
  const code = fast && (await (await fast()).default(argv.slice(1), process.env));
  if (code !== undefined) process.exit(code);
  const [{ runProcess }, presets] = await Promise.all([import("./process.ts"), parts.presets()]);
  await runProcess({ argv, presets, preset: parts.preset });
}
