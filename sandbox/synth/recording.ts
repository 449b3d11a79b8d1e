/**
 * A small recording, as bytes: a quarter of a second of one tone with a title inside (RIFF WAVE, 8-bit PCM, mono, 8 kHz).
 *
 * In      the title, which stands in the file as text (`LIST INFO INAM`), and a number that the pitch depends on.
 * Out     about 2 kB that any player takes; equal for equal input.
 */
const RATE = 8_000;
const SAMPLES = RATE / 4;
const SILENCE = 128;
const LOUDNESS = 60;

export function recording(title: string, index: number): Buffer {
  const pitch = 220 + (index % 24) * 20;
  const tone = Buffer.from(
    Array.from({ length: SAMPLES }, (_, at) =>
      Math.round(SILENCE + LOUDNESS * Math.sin((2 * Math.PI * pitch * at) / RATE)),
    ),
  );
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(RATE, 4);
  format.writeUInt32LE(RATE, 8);
  format.writeUInt16LE(1, 12);
  format.writeUInt16LE(8, 14);
  const name = chunk("INAM", Buffer.from(`${title}\0`));
  const about = chunk("LIST", Buffer.from("INFO"), name);
  return chunk("RIFF", Buffer.from("WAVE"), chunk("fmt ", format), about, chunk("data", tone));
}

/** Of even length, as RIFF wants it. */
function chunk(id: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write(id, 0, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}
