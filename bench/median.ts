/** The middle of what `of` reads from each item; between the two middle ones of an even number; 0 of none. */
export function median<Item>(items: readonly Item[], of: (item: Item) => number): number {
  const sorted = items.map(of).toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
