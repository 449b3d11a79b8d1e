/**
 * Server-Sent Events out of a body as it arrives (HTML standard, "Interpreting an event stream").
 *
 * Out     each event's name and data; comments and other fields are passed over.
 * Bounds  `maxBytes` for one event, comments before it included; more is `EventTooLarge`, which ends the body.
 */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

export class EventTooLarge extends Error {}

const LINE_END = /\r\n|\n|\r(?!$)/;

export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  let size = 0;
  let event = "";
  let data: string[] = [];
  for await (const chunk of body) {
    size += chunk.length;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(LINE_END);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") {
        const [name, value] = fieldOf(line);
        if (name === "event") event = value;
        if (name === "data") data.push(value);
        continue;
      }
      size = Buffer.byteLength(rest);
      if (event !== "" || data.length > 0) yield { event, data: data.join("\n") };
      event = "";
      data = [];
    }
    if (size > maxBytes) throw new EventTooLarge();
  }
}

function fieldOf(line: string): readonly [name: string, value: string] {
  const at = line.indexOf(":");
  if (at < 0) return [line, ""];
  return [line.slice(0, at), line.slice(line[at + 1] === " " ? at + 2 : at + 1)];
}
