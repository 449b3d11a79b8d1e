/**
 * Answers of sandbox agencies before they are bytes. Handlers return one, or throw `Refusal` for anything that is not
 * a record; the server writes it, adds an ETag and answers 304 to a caller who has it already.
 */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.headers = headers;
  }

  get answer(): Answer {
    return { status: this.status, body: { error: this.message }, headers: this.headers };
  }
}
