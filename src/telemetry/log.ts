/**
 * The log: one JSON line an event, on standard error.
 *
 * No personal data, by construction: an event has a fixed name and only the fields below, none of which can hold a value of an
 * answer, a variable, a header or an id of a person. A fault is logged by its class, code, our own message and the places in the
 * code it passed; messages of foreign errors are left out, because they quote what they choked on.
 */
import { pino } from "pino";
import { GatewayError } from "../kernel/errors.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface LogFields {
  /** Also the trace id of masked errors. */
  readonly requestId?: string;
  readonly method?: string;
  readonly status?: number;
  readonly code?: string;
  /** Why, in a fixed word or two of ours or of a library: a code, never a message. */
  readonly reason?: string;
  readonly agency?: string;
  readonly member?: string;
  readonly role?: string;
  readonly purpose?: string;
  readonly operationHash?: string;
  readonly policyVersion?: string;
  readonly schemaVersion?: string;
  /** Of the schema, `Type.field`; never of a document. */
  readonly coordinate?: string;
  /** What is wrong with the deployment's own files, one line each. */
  readonly problems?: readonly string[];
  readonly durationMs?: number;
  readonly bytes?: number;
  readonly count?: number;
  readonly child?: string;
  /** Of an agency, an issuer or the witness, as it is configured. */
  readonly host?: string;
  readonly fault?: unknown;
}

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Where lines go; standard error unless a test wants to read them. */
export type LogSink = { write(line: string): void };

export function createLog(level: LogLevel, sink: LogSink = process.stderr): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: "event",
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  const write =
    (at: Exclude<LogLevel, "silent">) =>
    (event: string, fields: LogFields = {}) =>
      logger[at](known(fields), event);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

export const silentLog: Log = createLog("silent");

function known({ fault, ...fields }: LogFields): object {
  return fault === undefined ? fields : { ...fields, fault: describeFault(fault) };
}

const MAX_CAUSES = 4;

/** Class, code and places of an error and its causes; never the message of an error that is not ours. */
export function describeFault(fault: unknown, depth = 0): object {
  if (!(fault instanceof Error)) return { class: typeof fault };
  const code = "code" in fault && typeof fault.code === "string" ? fault.code : undefined;
  return {
    class: fault.name,
    ...(code && { code }),
    ...(fault instanceof GatewayError && { message: fault.message }),
    at: (fault.stack ?? "")
      .split("\n")
      .filter(isPlace)
      .slice(0, 8)
      .map((line) => line.trim()),
    ...(fault.cause instanceof Error &&
      depth < MAX_CAUSES && { cause: describeFault(fault.cause, depth + 1) }),
  };
}

const isPlace = (line: string) => /^ {4}at /.test(line);
