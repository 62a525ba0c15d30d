/** Does something with each of many, at most so many at a time; results in the order of the items. The first failure ends it. */
export async function inTurn<T, R>(items: readonly T[], atOnce: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()].values();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      // One iterator for all: each takes what no other has taken.
      for (const [index, item] of queue) results[index] = await work(item, index);
    }),
  );
  return results;
}
