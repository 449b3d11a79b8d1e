/** The only place that reads `process.env` (style guide, configuration). */
export type Environment = Readonly<Record<string, string | undefined>>;

export const environment = (): Environment => process.env;

/** What a child process of ours inherits: enough to find programs and to write in the right place, no secrets. */
export function childEnvironment(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS"];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
