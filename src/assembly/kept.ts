/** Things that are made once for each key and kept as long as the gateway runs, whatever version asks for them. */
export class Kept<Thing> {
  readonly #make: (key: string) => Thing;
  readonly #things = new Map<string, Thing>();

  constructor(make: (key: string) => Thing) {
    this.#make = make;
  }

  of(key: string): Thing {
    const known = this.#things.get(key);
    if (known !== undefined) return known;
    const made = this.#make(key);
    this.#things.set(key, made);
    return made;
  }

  get all(): readonly Thing[] {
    return [...this.#things.values()];
  }
}
