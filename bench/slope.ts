/** How fast what was sampled grows, by least squares. */
export interface Sample {
  readonly ms: number;
  readonly bytes: number;
}

const TEN_MINUTES_MS = 600_000;
const MEBIBYTE = 1_048_576;

/** MiB in ten minutes; 0 of fewer than two instants. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [ms, bytes] = [mean((one) => one.ms), mean((one) => one.bytes)];
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, one) => total + of(one), 0);
  const spread = sum((one) => (one.ms - ms) ** 2);
  if (spread === 0 || samples.length < 2) return 0;
  return ((sum((one) => (one.ms - ms) * (one.bytes - bytes)) / spread) * TEN_MINUTES_MS) / MEBIBYTE;
}
