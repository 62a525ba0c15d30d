import { isBlocking } from "./acknowledgements";
import type { Change } from "./change";
import type { Finding, Hop } from "./report";

/** One line: what happens to a domain's mail. */
export function verdictOf(
  changes: readonly Change[],
  path: { readonly before: readonly Hop[]; readonly after: readonly Hop[] },
  findings: readonly Finding[],
): string {
  const blocking = [...new Set(findings.filter(isBlocking).map(({ rule }) => rule))];
  if (blocking.length > 0) return `Blocked by ${blocking.join(", ")}.`;
  const before = ways(path.before);
  const after = ways(path.after);
  if (before !== after) {
    if (path.before.length === 0) return `Mail comes in at ${after}.`;
    if (path.after.length === 0) return "No mail comes in any more.";
    return `Mail comes in at ${after}; before, at ${before}.`;
  }
  if (changes.length === 0) return "Nothing changes.";
  return path.after.length === 0 ? "Records change." : "Mail comes in as before; records change.";
}

const ways = (path: readonly Hop[]): string => path.map(({ host, preference }) => `${host} (${preference})`).join(", then ");
