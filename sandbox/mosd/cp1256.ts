/**
 * Text in the code page of Arabic Windows (cp1256), as old systems keep it.
 *
 * Errors  a RangeError for a character that the code page does not have: it would be lost.
 */
const BYTES: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    new TextDecoder("windows-1256").decode(Uint8Array.of(byte)),
    byte,
  ]),
);

export function cp1256(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const byte = BYTES.get(character);
    if (byte === undefined) throw new RangeError(`cp1256 has no character U+${hex(character)}`);
    return byte;
  });
}

const hex = (character: string): string =>
  character.codePointAt(0)!.toString(16).padStart(4, "0").toUpperCase();
