/** What time it is: passed in wherever time decides, so that tests choose it. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still at `instant` (ISO 8601), or where `set` puts it. */
export function fixedClock(instant: string): Clock & { set(instant: string): void } {
  let now = Date.parse(instant);
  return {
    now: () => now,
    set: (to) => {
      now = Date.parse(to);
    },
  };
}
