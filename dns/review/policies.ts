import type { Change } from "./change";
import { dataOf } from "./pairs";
import { spfTerms, tagsOf, txtKind } from "./txt";

/** Changes of policy records by term: `spf: + ip4:192.0.2.7`, `dmarc: p quarantine → reject`, `caa of mx1.example.org: + issue letsencrypt.org`. */
export function policyTerms(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => {
    const record = change.after ?? change.before;
    if (record === undefined) return [];
    const { name, type } = record;
    const before = change.before === undefined ? undefined : dataOf(change.before);
    const after = change.after === undefined ? undefined : dataOf(change.after);
    if (type === "CAA") return lines(label("caa", name, change.domain), differenceOfLists(caaTerms(before), caaTerms(after)));
    if (type !== "TXT") return [];
    const kind = txtKind(name, after ?? before ?? "");
    if (kind === undefined) return [];
    if (kind === "spf") return lines(label("spf", name, change.domain), spfDifference(before, after));
    const [owner, title] = kind === "dkim" ? dkimTitle(name) : [name.replace(/^_(?:dmarc|mta-sts|smtp\._tls)\./, ""), kind];
    return lines(label(title, owner, change.domain), tagDifference(before, after));
  });
}

const lines = (title: string, terms: readonly string[]): string[] => terms.map((term) => `${title}: ${term}`);

const label = (kind: string, name: string, domain: string): string => (name === domain ? kind : `${kind} of ${name}`);

function dkimTitle(name: string): [owner: string, title: string] {
  const [selector = "", owner = ""] = name.split("._domainkey.");
  return [owner, `dkim ${selector}`];
}

/** What goes, then what comes. */
function differenceOfLists(before: readonly string[], after: readonly string[]): string[] {
  const gone = without(before, after);
  const come = without(after, before);
  return [...gone.map((term) => `- ${term}`), ...come.map((term) => `+ ${term}`)];
}

function spfDifference(before: string | undefined, after: string | undefined): string[] {
  const old = spfTerms(before ?? "");
  const now = spfTerms(after ?? "");
  const all = (terms: readonly string[]): string | undefined => terms.find((term) => /^[-+~?]?all$/i.test(term));
  // `-all → ~all` is one change.
  const [oldAll, nowAll] = [all(old), all(now)];
  if (oldAll === undefined || nowAll === undefined || oldAll === nowAll) return inOtherOrder(old, now, differenceOfLists(old, now));
  const others = (terms: readonly string[], one: string): string[] => terms.filter((term) => term !== one);
  return [...differenceOfLists(others(old, oldAll), others(now, nowAll)), `${oldAll} → ${nowAll}`];
}

/** The first term that matches decides (RFC 7208 section 4.6.2), so their order is a change too. */
function inOtherOrder(old: readonly string[], now: readonly string[], difference: readonly string[]): string[] {
  const isMoved = difference.length === 0 && old.join(" ") !== now.join(" ");
  return isMoved ? [`${old.join(" ")} → ${now.join(" ")}`] : [...difference];
}

function tagDifference(before: string | undefined, after: string | undefined): string[] {
  const old = tagsOf(before ?? "");
  const now = tagsOf(after ?? "");
  const written = (tag: string, value: string): string => `${tag}=${cut(value)}`;
  return [
    ...[...old].filter(([tag]) => !now.has(tag)).map(([tag, value]) => `- ${written(tag, value)}`),
    ...[...now].flatMap(([tag, value]) => {
      const was = old.get(tag);
      if (was === value) return [];
      return was === undefined ? [`+ ${written(tag, value)}`] : [`${tag} ${cut(was)} → ${cut(value)}`];
    }),
  ];
}

/** Keys are long, and what a reader compares is their beginning and their end. */
const cut = (value: string): string =>
  value === "" ? "nothing" : value.length > 60 && !value.includes("«") ? `${value.slice(0, 12)}…${value.slice(-12)}` : value;

/** `0 issue "letsencrypt.org"` as `issue letsencrypt.org`. */
function caaTerms(content: string | undefined): string[] {
  return content === undefined ? [] : [content.replace(/^0 /, "").replace(/"((?:[^"\\]|\\.)*)"/g, "$1")];
}

/** Elements of one list that another has not, each as often as it has it more. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const rest = [...other];
  return list.filter((element) => {
    const at = rest.indexOf(element);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
