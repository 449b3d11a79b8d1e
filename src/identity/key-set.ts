/**
 * The public keys of one issuer, vetted (`vet-keys.ts`), read from a file or a URL, with rotation.
 *
 * Rotation    an unknown `kid` waits for one reading, whoever else waits for it too, at most one a second: an issuer may sign with a
 *             new key as soon as it publishes it. Keys are read again in the background once they are `freshMs` old; a set that
 *             nobody has looked at for ten times as long is read before it is used, so that a withdrawn key is not met again.
 * Failure     a source that fails leaves the keys that are known in force; without any, nobody is authenticated.
 * Bounds      so many requests wait for an unknown `kid`; those beyond are refused at once.
 */
import { createLocalJWKSet, type JWTVerifyGetKey } from "jose";
import type { Clock } from "../kernel/clock.ts";
import { TokenProblem } from "./token-problem.ts";
import { vetKeys } from "./vet-keys.ts";

/** Where the JWKS document is. */
export interface KeySource {
  /** Resolves to the document, parsed. */
  read(): Promise<unknown>;
  /** How old keys may become before they are read again. */
  readonly freshMs: number;
}

export interface KeySet {
  /** Reads the source now; rejects when it holds no acceptable keys. */
  load(): Promise<void>;
  /** Another after every change of the keys: what was verified before is to be verified again. */
  readonly edition: number;
  /** Reads again what has grown old, without waiting for it. */
  keepFresh(): void;
  readonly getKey: JWTVerifyGetKey;
}

const RETRY_MS = 1_000;
const STALE_AFTER = 10;
const MAX_WAITING = 1_000;

interface Keys {
  /** The vetted document as text. */
  readonly text: string;
  readonly kids: ReadonlySet<string | undefined>;
  readonly getKey: JWTVerifyGetKey;
}

export function createKeySet(source: KeySource, clock: Clock, pause = sleep): KeySet {
  let keys: Keys | null = null;
  let edition = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  let again: Promise<void> | null = null;
  let waiting = 0;

  const take = (document: unknown) => {
    const vetted = vetKeys(document);
    const text = JSON.stringify(vetted);
    if (text === keys?.text) return;
    keys = { text, kids: new Set(vetted.keys.map(({ kid }) => kid)), getKey: createLocalJWKSet(vetted) };
    edition += 1;
  };
  const load = () => {
    readAt = clock.now();
    reading ??= source
      .read()
      .then(take)
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  const tryLoad = () => load().catch(() => {});

  /** A reading that begins after now, but not sooner than a second after the last one. */
  const loadAgain = () => {
    again ??= (async () => {
      await reading?.catch(() => {});
      const wait = readAt + RETRY_MS - clock.now();
      if (wait > 0) await pause(wait);
      again = null;
      await tryLoad();
    })();
    return again;
  };

  const waitFor = async (kid: string | undefined) => {
    if (waiting >= MAX_WAITING) throw new TokenProblem("too many tokens with unknown keys");
    waiting += 1;
    try {
      await reading?.catch(() => {});
      if (!keys?.kids.has(kid)) await loadAgain();
    } finally {
      waiting -= 1;
    }
  };

  const keepFresh = () => {
    if (clock.now() - readAt > source.freshMs) void tryLoad();
  };

  const getKey: JWTVerifyGetKey = async (header, token) => {
    if (clock.now() - readAt > source.freshMs * STALE_AFTER) await tryLoad();
    else keepFresh();
    if (!keys?.kids.has(header.kid)) await waitFor(header.kid);
    if (!keys) throw new TokenProblem("the issuer's keys are not known");
    return keys.getKey(header, token);
  };

  return {
    load,
    get edition() {
      return edition;
    },
    ...{ keepFresh, getKey },
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
