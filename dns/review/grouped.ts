/** Elements by what they have in common, each group in the order of the elements. */
export function grouped<K, E>(elements: Iterable<E>, keyOf: (element: E) => K): Map<K, E[]> {
  const groups = new Map<K, E[]>();
  for (const element of elements) {
    const key = keyOf(element);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [element]);
    else group.push(element);
  }
  return groups;
}
