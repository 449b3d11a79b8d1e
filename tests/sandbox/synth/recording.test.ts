/** A recording is a file that players take: chunks within chunks, each as long as it says. */
import { expect, it } from "vitest";
import { recording } from "../../../sandbox/synth/recording.ts";

interface Chunk {
  readonly id: string;
  readonly body: Buffer;
}

function* chunksIn(bytes: Buffer): Generator<Chunk> {
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4);
    yield { id: bytes.toString("latin1", at, at + 4), body: bytes.subarray(at + 8, at + 8 + size) };
    at += 8 + size + (size % 2);
  }
}

it.each(["Recorded statement", "odd", ""])(
  "holds the title %j and a quarter of a second of sound",
  (title) => {
    const bytes = recording(title, 3);
    const [riff, ...more] = chunksIn(bytes);
    expect(more).toEqual([]);
    expect(riff?.id).toBe("RIFF");
    expect(riff?.body.toString("latin1", 0, 4)).toBe("WAVE");
    const parts = new Map([...chunksIn(riff?.body.subarray(4) ?? bytes)].map(({ id, body }) => [id, body]));
    expect([...parts.keys()]).toEqual(["fmt ", "LIST", "data"]);
    const [name] = chunksIn(parts.get("LIST")?.subarray(4) ?? bytes);
    expect(name).toEqual({ id: "INAM", body: Buffer.from(`${title}\0`) });
    expect(parts.get("data")).toHaveLength(2_000);
    expect(recording(title, 3)).toEqual(bytes);
    expect(recording(title, 4)).not.toEqual(bytes);
  },
);
