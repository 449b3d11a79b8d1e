/** A token bucket: `perSecond` requests a second, as many at once. */
export interface RateLimit {
  /** Seconds to wait, or 0 when the request may pass. */
  take(): number;
}

export function rateLimit(perSecond: number, nowMs: () => number = () => performance.now()): RateLimit {
  let tokens = perSecond;
  let at = nowMs();
  return {
    take: () => {
      const now = nowMs();
      tokens = Math.min(perSecond, tokens + ((now - at) / 1_000) * perSecond);
      at = now;
      if (tokens < 1) return Math.ceil((1 - tokens) / perSecond);
      tokens -= 1;
      return 0;
    },
  };
}
