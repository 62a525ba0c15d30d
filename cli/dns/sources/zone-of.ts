/** The zone that a name is in: the longest that it ends with. */
export function zoneOf(name: string, zones: ReadonlySet<string>): string | undefined {
  const labels = name.split(".");
  for (let index = 0; index < labels.length; index += 1) {
    const candidate = labels.slice(index).join(".");
    if (zones.has(candidate)) return candidate;
  }
  return undefined;
}
