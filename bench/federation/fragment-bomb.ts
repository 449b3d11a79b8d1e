/**
 * Documents of less than 676 bytes whose fragments, written out, are more than 1.4 MB: each spreads the next twice. No two are the
 * same text, so that no cache knows one.
 */
const FRAGMENTS = 16;
const NAMES = "abcdefghijklmnopqrstuvwxyz";

export function fragmentBomb(turn: number): string {
  const name = (at: number) => NAMES[at] ?? "";
  const spreads = Array.from(
    { length: FRAGMENTS },
    (_, at) => `fragment ${name(at)} on User{username...${name(at + 1)}...${name(at + 1)}}`,
  );
  return `query Q${turn}{users{...a}}${spreads.join("")}fragment ${name(FRAGMENTS)} on User{username name}`;
}
