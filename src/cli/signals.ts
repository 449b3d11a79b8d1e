/**
 * Stays until the process is told to stop or a part of it breaks.
 *
 * Signals  SIGTERM and SIGINT stop it in order; a second one, or one before it is ready, ends it at once, and its children
 *          end with it. SIGHUP asks to read everything again; when it says that the terminal is gone, it is a SIGTERM.
 */
import { closeSync, openSync } from "node:fs";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
const INTERRUPTED = 130;

const endAtOnce = () => process.exit(INTERRUPTED);

/** From now on a signal ends the process at once, until `untilStopped` listens. */
export function endOnSignal(): void {
  for (const signal of SIGNALS) process.once(signal, endAtOnce);
}

/** Null when a signal asked for it, else what broke. */
export async function untilStopped(broken: Promise<string>): Promise<string | null> {
  const told = Promise.withResolvers<null>();
  const onSignal = () => told.resolve(null);
  for (const signal of SIGNALS) process.off(signal, endAtOnce).once(signal, onSignal);
  const ended = await Promise.race([told.promise, broken]);
  for (const signal of SIGNALS) process.off(signal, onSignal).once(signal, endAtOnce);
  return ended;
}

/** From now on until what is returned is called. */
export function onHangUp(act: () => void): () => void {
  const hadTerminal = hasTerminal();
  const onSignal = () => {
    if (hadTerminal && !hasTerminal()) process.kill(process.pid, "SIGTERM");
    else act();
  };
  process.on("SIGHUP", onSignal);
  return () => process.off("SIGHUP", onSignal);
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
