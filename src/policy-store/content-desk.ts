/**
 * Where officers ask what a content of policies would do: what is in force, a draft, a version, or files that nobody has drafted.
 *
 * Out     the findings of `policy check`, `fmt`, `test`, `diff`, `prove` and `replay`, or the problems for which there are none: that no such
 *         draft is there, too.
 * Rule    one review at a time in a replica, each in a thread of its own; equal ones are worked out once and kept. Whoever hangs up
 *         stops waiting, and a review for which nobody waits is ended.
 * Errors  OVERLOADED when the queue is full; PROVER_UNAVAILABLE; POLICY_UNTRUSTED.
 */
import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { SharedWork } from "../kernel/shared-work.ts";
import type { Turns } from "../kernel/turns.ts";
import type { Language } from "../policy/explain/phrases.ts";
import type { RecordedDecision } from "../policy/review/replay.ts";
import { type PolicyContent, textsOf } from "./content.ts";
import {
  type Checked,
  type Compared,
  type ContentQuestion,
  type Formatted,
  type Found,
  type Proved,
  problemsOf,
  type Replayed,
  type Reviewed,
  type Tested,
} from "./content-review.ts";
import { contentMeant, type MeantContent, type PolicyContents } from "./contents.ts";
import { runContentJob } from "./run-content-job.ts";

export interface ContentDeskParts {
  readonly contents: PolicyContents;
  readonly schemaDir: string;
  /** Shared by all versions of a replica. */
  readonly turns: Turns;
  readonly deadlineMs?: number;
}

export interface Comparison {
  readonly content: MeantContent;
  /** For `prove` there need be none. */
  readonly against: MeantContent | null;
  readonly language: Language;
}

/** Of how many equal questions the answers are kept. */
const MAX_KEPT = 50;
const MAX_DECISIONS = 500;

type Reviewing<Result> = Promise<Reviewed<Result>>;

export class ContentDesk {
  readonly #parts: ContentDeskParts;
  readonly #closing = new AbortController();
  readonly #shared = new SharedWork<Reviewed<Found>>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #kept = new LRUCache<string, Reviewed<Found>>({ max: MAX_KEPT });

  constructor(parts: ContentDeskParts) {
    this.#parts = parts;
  }

  check(content: MeantContent, signal: AbortSignal): Reviewing<Checked> {
    return this.#review({ kind: "check" }, [content], signal);
  }

  format(content: MeantContent, signal: AbortSignal): Reviewing<Formatted> {
    return this.#review({ kind: "format" }, [content], signal);
  }

  test(content: MeantContent, signal: AbortSignal): Reviewing<Tested> {
    return this.#review({ kind: "test" }, [content], signal);
  }

  diff(
    { content, against, language }: Comparison & { readonly against: MeantContent },
    signal: AbortSignal,
  ): Reviewing<Compared> {
    return this.#review({ kind: "diff", language }, [content, against], signal);
  }

  prove({ content, against, language }: Comparison, signal: AbortSignal): Reviewing<Proved> {
    return this.#review({ kind: "prove", language }, against ? [content, against] : [content], signal);
  }

  replay(
    content: MeantContent,
    decisions: readonly RecordedDecision[],
    signal: AbortSignal,
  ): Reviewing<Replayed> {
    if (decisions.length > MAX_DECISIONS) {
      const message = `there are more than ${MAX_DECISIONS} decisions: \`ihala policy replay\` takes any number`;
      return Promise.resolve({ problems: [{ place: null, message }], found: null });
    }
    return this.#review({ kind: "replay", decisions }, [content], signal);
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underWay);
  }

  async #review<Result extends Found>(
    question: ContentQuestion,
    meant: readonly MeantContent[],
    signal: AbortSignal,
  ): Reviewing<Result> {
    try {
      const contents = await Promise.all(meant.map((each) => contentMeant(this.#parts.contents, each)));
      return (await this.#once(question, contents, signal)) as Reviewed<Result>;
    } catch (error) {
      const problems = problemsOf(error);
      if (problems) return { problems, found: null };
      throw error;
    }
  }

  async #once(
    question: ContentQuestion,
    contents: readonly PolicyContent[],
    signal: AbortSignal,
  ): Promise<Reviewed<Found>> {
    const { schemaDir, turns, deadlineMs } = this.#parts;
    const key = hash("sha256", JSON.stringify([contents.map((content) => content.hash), question]));
    const known = this.#kept.get(key);
    if (known) return known;
    signal.throwIfAborted();
    const reviewed = await this.#shared.share(key, signal, (left) => {
      const ended = AbortSignal.any([left, this.#closing.signal]);
      const [texts = [], against = null] = contents.map(textsOf);
      const job = { question, texts, against };
      const review = turns.take(ended, () => runContentJob({ job, schemaDir }, ended, deadlineMs));
      this.#underWay.add(review);
      const over = () => this.#underWay.delete(review);
      review.then(over, over);
      return review;
    });
    // What kept policies from being read may be a busy machine.
    if (reviewed.found) this.#kept.set(key, reviewed);
    return reviewed;
  }
}
