/**
 * Counter-based randomness: a draw is a pure function of (seed, stream, index, number of the draw).
 *
 * Method  murmur3 finaliser over seed, FNV-1a tag of the stream's name, index, draw. Not cryptographic, and meant
 *         for synthetic rows only.
 * Cost    about 10 ns a draw; nothing is kept.
 */

/** Uniform in [0, 1). Each call gives the next draw of its stream. */
export type Draw = () => number;
export type Weights<Value> = readonly (readonly [Value, number])[];

export function draws(seed: number, stream: string, index: number): Draw {
  const base = start(seed, stream, index);
  let count = 0;
  return () => mix((base + Math.imul(++count, 0x6d2b79f5)) | 0) / 2 ** 32;
}

export function pick<Value>(list: readonly Value[], u: number): Value {
  return list[Math.floor(u * list.length)]!;
}

/** Turns counts or weights into a function from [0, 1) to values. */
export function chooser<Value>(weights: Weights<Value>): (u: number) => Value {
  let sum = 0;
  const steps = weights.map(([value, weight]) => {
    sum += weight;
    return [value, sum] as const;
  });
  return (u) => {
    let low = 0;
    let high = steps.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle]![1] > u * sum) high = middle;
      else low = middle + 1;
    }
    return steps[low]![0];
  };
}

/** Standard normal, by Box and Muller. */
export function normal(draw: Draw): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

/** A canonical uid in the shape of UUIDv4. Two streams, so that no two types share one. */
export function uuid(seed: number, type: string, index: number): string {
  const left = draws(seed, `uid:${type}`, index);
  const right = draws(seed, `uid':${type}`, index);
  const hex = [left, left, right, right].map((draw) => word(draw).toString(16).padStart(8, "0")).join("");
  const variant = "89ab"[parseInt(hex[16]!, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** `length` characters of Crockford's base32, distinct for distinct indexes with overwhelming probability. */
export function base32(seed: number, stream: string, index: number, length: number): string {
  const draw = draws(seed, stream, index);
  return Array.from({ length }, () => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Math.floor(draw() * 32)]).join("");
}

const word = (draw: Draw): number => Math.floor(draw() * 2 ** 32);

function start(seed: number, stream: string, index: number): number {
  return mix((mix(seed ^ tag(stream)) + Math.imul(index, 0x9e3779b1)) | 0);
}

function mix(input: number): number {
  let h = input;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const tags = new Map<string, number>();

function tag(stream: string): number {
  const known = tags.get(stream);
  if (known !== undefined) return known;
  let h = 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) h = Math.imul(h ^ stream.charCodeAt(i), 0x01000193);
  tags.set(stream, h >>> 0);
  return h >>> 0;
}
