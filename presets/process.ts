import { INTERRUPTIONS, type Interruption } from "../plugin-api/error.ts";
import { DAEMON } from "../plugin-api/launch/daemon/words.ts";
import { rememberDescriptors } from "../plugin-api/launch/exec/descriptors.ts";
import { inheritedDescriptors, isIgnored } from "../plugin-api/system/inherited.ts";
import { openWhole } from "./open-whole.ts";
import { type Call, interrupter, runCall, startOf } from "./run-call.ts";

/**
 * One run as a process of the operating system: signals in, exit code out, and nothing waited for afterwards. `prepareNext` is
 * called at its end, unless it becomes a program, where commands may be run by a daemon.
 */
export async function runProcess(
  call: Omit<Call, "startedAtMs">,
  prepareNext: () => Promise<void> = async () => {},
): Promise<never> {
  rememberDescriptors(inheritedDescriptors());
  const controller = new AbortController();
  const interrupt = interrupter(controller, (code) => process.exit(code));
  // What is ignored stays so, here and in the program that this process becomes.
  for (const signal of Object.keys(INTERRUPTIONS) as Interruption[])
    if (!isIgnored(signal)) process.on(signal, () => interrupt(signal));
  const startedAtMs = Date.now() - process.uptime() * 1000;
  const running = await openWhole(startOf({ ...call, startedAtMs }, controller.signal));
  const code = await runCall(running);
  if (running.setup.settings.get(DAEMON)?.value === true) await prepareNext();
  process.exit(code);
}
