/**
 * What is still to come of an answer in pieces: which fragment at which object, and what has been told of it.
 *
 * In      the fields that the writers registered, those of the initial answer first; which fragments are ready.
 * Out     for each payload what is announced, delivered and completed, by ids that count up from "0".
 * Rule    a fragment is announced once the fragments around it are complete, and completed once all its fields have been written. When a
 *         null goes up to it, nothing of it is shown and it is completed with its errors; what stands inside it never comes.
 *         An object that is not shown has registered nothing, so nothing is announced there.
 * Source  GraphQL specification, draft "Incremental Delivery", section 7 (graphql-spec pull request 1110).
 */
import type { DeferredFragment } from "../plan/deferral.ts";
import type { DeferredFields, FragmentPlace } from "./deferred.ts";
import type { Trouble } from "./sheet.ts";

export type ResponsePath = readonly (string | number)[];

/** One fragment at one object. */
interface Instance {
  readonly fragment: DeferredFragment;
  readonly path: ResponsePath;
  readonly parent: Instance | null;
  readonly groups: Set<Group>;
  /** Null until it is announced. */
  id: string | null;
  isOver: boolean;
  hasFailed: boolean;
}

/** Fields of one object that are written together. */
interface Group {
  readonly fields: DeferredFields;
  readonly path: ResponsePath;
  readonly instances: readonly Instance[];
  readonly scope: ReadonlyMap<DeferredFragment, Instance>;
}

export interface Pending {
  readonly id: string;
  readonly path: ResponsePath;
  readonly label: string | null;
}

/** The fields of a group as text, with paths from the object that they are of. */
export interface WrittenFields {
  /** Undefined when a null went up to the object; null when there is nothing to show. */
  readonly text: string | undefined | null;
  readonly troubles: readonly Trouble[];
  readonly registered: readonly DeferredFields[];
}

export interface Delivered {
  readonly fragment: DeferredFragment;
  readonly id: string;
  readonly subPath: ResponsePath;
  readonly data: string;
  readonly errors: readonly PlacedTrouble[];
}

export interface Completed {
  readonly id: string;
  readonly fragment: DeferredFragment;
  /** Empty for a fragment that was delivered. */
  readonly errors: readonly PlacedTrouble[];
}

/** A trouble, and the path from the root of the answer to the object that its own path starts at. */
export interface PlacedTrouble {
  readonly base: ResponsePath;
  readonly trouble: Trouble;
}

export interface Increment {
  readonly pending: readonly Pending[];
  readonly delivered: readonly Delivered[];
  readonly completed: readonly Completed[];
}

interface Draft {
  readonly pending: Pending[];
  readonly delivered: Delivered[];
  readonly completed: Completed[];
}

type WriteFields = (fields: DeferredFields) => WrittenFields;

export class Increments {
  readonly #instances = new Set<Instance>();
  #ids = 0;

  constructor(initial: readonly DeferredFields[]) {
    this.#adopt(groupsOf(initial, [], new Map()));
  }

  /** Nothing that was announced is still to come. */
  get isOver(): boolean {
    return this.announced.size === 0;
  }

  /** Fragments that somebody waits for, inner ones included. */
  get fragments(): ReadonlySet<DeferredFragment> {
    return new Set([...this.#instances].map(({ fragment }) => fragment));
  }

  /** Fragments that have been announced and not completed. */
  get announced(): ReadonlySet<DeferredFragment> {
    return new Set([...this.#instances].flatMap(({ id, fragment }) => (id === null ? [] : [fragment])));
  }

  /** Announces what may be announced now. */
  announce(): readonly Pending[] {
    const pending: Pending[] = [];
    for (const instance of this.#instances) {
      if (instance.id !== null || instance.groups.size === 0 || !areOver(instance.parent)) continue;
      instance.id = String(this.#ids++);
      pending.push({ id: instance.id, path: instance.path, label: instance.fragment.label });
    }
    return pending;
  }

  /** Writes what is ready, and what becomes ready by that. */
  deliver(isReady: (fragment: DeferredFragment) => boolean, write: WriteFields): Increment {
    const draft: Draft = { pending: [], delivered: [], completed: [] };
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (const instance of this.#instances) {
        if (instance.id === null || !isReady(instance.fragment)) continue;
        this.#complete(instance, write, draft);
        isMore = true;
      }
      draft.pending.push(...this.announce());
    }
    return draft;
  }

  #complete(instance: Instance, write: WriteFields, draft: Draft): void {
    const waiting = [...instance.groups];
    const written: { readonly group: Group; readonly result: WrittenFields }[] = [];
    const inner: Group[] = [];
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      const result = write(group.fields);
      if (result.text === undefined) {
        this.#fail(group, result, draft);
        return;
      }
      written.push({ group, result });
      for (const below of groupsOf(result.registered, group.path, group.scope))
        (below.instances.includes(instance) ? waiting : inner).push(below);
    }
    for (const { group, result } of written) {
      for (const each of group.instances) this.#release(each, group);
      draft.delivered.push(...deliveryOf(group, result));
    }
    this.#adopt(inner);
    this.#end(instance, draft, []);
  }

  /** Of a fragment that is not announced yet, another one has brought everything: it need not be announced. */
  #release(instance: Instance, group: Group): void {
    instance.groups.delete(group);
    if (instance.id === null && instance.groups.size === 0) this.#instances.delete(instance);
  }

  /** Whichever fragment holds the fields has failed. */
  #fail({ instances, path }: Group, { troubles }: WrittenFields, draft: Draft): void {
    const errors = troubles.map((trouble) => ({ base: path, trouble }));
    for (const instance of instances) {
      instance.hasFailed = true;
      this.#end(instance, draft, errors);
    }
    for (const instance of this.#instances) if (hasFailed(instance)) this.#end(instance, draft, errors);
  }

  #end(instance: Instance, { completed }: Draft, errors: Completed["errors"]): void {
    if (instance.isOver) return;
    instance.isOver = true;
    this.#instances.delete(instance);
    const { id, fragment } = instance;
    if (id !== null) completed.push({ id, fragment, errors });
  }

  /** From now on these are waited for. */
  #adopt(groups: readonly Group[]): void {
    for (const group of groups) {
      for (const instance of group.instances) {
        if (instance.isOver || hasFailed(instance)) continue;
        instance.groups.add(group);
        this.#instances.add(instance);
      }
    }
  }
}

/** All fragments around have come, or have nothing of their own to bring. */
const areOver = (instance: Instance | null): boolean =>
  instance === null || ((instance.isOver || instance.groups.size === 0) && areOver(instance.parent));

const hasFailed = (instance: Instance | null): boolean =>
  instance !== null && (instance.hasFailed || hasFailed(instance.parent));

function deliveryOf({ path, instances }: Group, { text, troubles }: WrittenFields): readonly Delivered[] {
  if (typeof text !== "string") return [];
  const told = instances.filter(({ id, isOver }) => id !== null && !isOver);
  // The longest path makes the shortest subPath.
  const [first, ...others] = told;
  if (!first) return [];
  const instance = others.reduce((best, each) => (each.path.length > best.path.length ? each : best), first);
  return [
    {
      fragment: instance.fragment,
      id: instance.id ?? "",
      subPath: path.slice(instance.path.length),
      data: text,
      errors: troubles.map((trouble) => ({ base: path, trouble })),
    },
  ];
}

/** Puts registered fields in their places: under the object at `base`, where the fragments in `outer` stand already. */
function groupsOf(
  registered: readonly DeferredFields[],
  base: ResponsePath,
  outer: ReadonlyMap<DeferredFragment, Instance>,
): readonly Group[] {
  const paths = new Map(
    registered.map((fields) => [fields, [...base, ...fields.path.toReversed()]] as const),
  );
  const instances = new Map<FragmentPlace, Instance>();
  const instanceOf = (fragment: DeferredFragment | null, scope: DeferredFields["scope"]): Instance | null => {
    if (fragment === null) return null;
    const place = scope.get(fragment);
    if (!place) return outer.get(fragment) ?? instanceOf(fragment.parent, scope);
    const known = instances.get(place);
    if (known) return known;
    const around = paths.get(place.above) ?? [];
    const instance: Instance = {
      fragment,
      path: around.slice(0, around.length - place.depth),
      parent: instanceOf(fragment.parent, scope),
      ...{ groups: new Set(), id: null, isOver: false, hasFailed: false },
    };
    instances.set(place, instance);
    return instance;
  };
  return registered.map((fields) => {
    const scope = new Map(outer);
    for (const fragment of fields.scope.keys()) {
      const instance = instanceOf(fragment, fields.scope);
      if (instance) scope.set(fragment, instance);
    }
    const path = paths.get(fields) ?? [];
    const own = fields.group.flatMap((fragment) => scope.get(fragment) ?? []);
    return { fields, path, scope, instances: own };
  });
}
