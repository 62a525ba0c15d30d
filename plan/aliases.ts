import { type AddressBook, alwaysReached } from "./address-book";
import { bothForms } from "./domain-name";
import type { DeclaredAddress, DeclaredDomain } from "./domains";
import { addressProblem, mailAddress, outsideAddress } from "./mail-address";
import { show, type Property } from "./property";
import type { Alias } from "./types";

/** How far Postfix follows an alias, and to how many addresses: the defaults of virtual_alias_recursion_limit and virtual_alias_expansion_limit (postconf(5)). */
const deepest = 1000;
const mostReached = 1000;

/**
 * The aliases of a domain, sorted by address, those to the postmaster for `alwaysReached` among them.
 *
 * @param postmaster where these lead; `undefined` if there is nobody, which has been reported
 */
export function readAliases(
  domain: DeclaredDomain,
  domains: ReadonlySet<string>,
  book: AddressBook,
  postmaster: string | undefined,
): Alias[] {
  const declared = domain.aliases.map((alias) => ({ address: alias.address, targets: readTargets(alias, domain.name, domains, book) }));
  const implied =
    postmaster === undefined ? [] : alwaysReached.map((local) => ({ address: `${local}@${domain.name}`, targets: [postmaster] }));
  return [...declared, ...implied.filter(({ address }) => !book.has(address))].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function readTargets(alias: DeclaredAddress, domain: string, domains: ReadonlySet<string>, book: AddressBook): string[] {
  const list = alias.property.list();
  if (list?.length === 0) alias.property.report(`The alias ${bothForms(alias.address)} has no target; give at least one, or take it out.`);
  const targets = (list ?? [])
    .map((entry) => readOutsideTarget(entry, domains) ?? readTarget(entry, domain, domains, book))
    .filter((target) => target !== undefined);
  return [...new Set(targets)].sort();
}

/** An address outside of the declared domains; `undefined` where it is none. */
function readOutsideTarget(property: Property, domains: ReadonlySet<string>): string | undefined {
  const address = property.isText ? outsideAddress(property.string("") ?? "") : undefined;
  return address === undefined || domains.has(address.slice(address.lastIndexOf("@") + 1)) ? undefined : address;
}

/** @param domain that a local part alone is of */
export function readTarget(property: Property, domain: string, domains: ReadonlySet<string>, book: AddressBook): string | undefined {
  const text = property.string("a local part of this domain or an address");
  if (text === undefined) return undefined;
  const whole = text.includes("@") ? text : `${text}@${domain}`;
  const address = mailAddress(whole);
  if (address === undefined) return property.report(`${show(text)} is not a local part or an address: ${addressProblem(whole)}.`);
  if (!domains.has(address.slice(address.lastIndexOf("@") + 1))) {
    return property.report(
      `${bothForms(address)} is outside of the declared domains, and a catch-all would forward there what is sent to invented names; take a declared address.`,
    );
  }
  const problem = book.reaches(address) ? book.deafness(address) : `${bothForms(address)} is not declared; ${book.wayOut(address)}`;
  return problem === undefined ? address : property.report(problem);
}

/**
 * Reports every loop, at a declared alias of it, or at `postmaster` where implied aliases alone make one; and every alias that leads further than Postfix
 * follows. Postfix would defer such mail for days.
 */
export function checkExpansion(aliases: readonly Alias[], declared: readonly DeclaredAddress[], postmaster: Property): void {
  const properties = new Map(declared.map(({ address, property }) => [address, property]));
  const targets = new Map(aliases.map((alias) => [alias.address, alias.targets]));
  const { loops, innermostFirst } = follow(targets);
  for (const loop of loops) {
    const at = loop.map((address) => properties.get(address)).find((property) => property !== undefined) ?? postmaster;
    const steps = loop.map(bothForms);
    const shown = loop.length > 5 ? [...steps.slice(0, 3), "…", ...steps.slice(-1)] : steps;
    at.report(`The alias leads back to itself: ${shown.join(" -> ")}; let one of them lead to a mailbox only.`);
  }
  if (loops.length > 0) return;
  const reach = new Map<string, { readonly addresses: number; readonly steps: number }>();
  for (const address of innermostFirst) {
    const next = (targets.get(address) ?? []).map((target) => reach.get(target) ?? { addresses: 1, steps: 0 });
    const addresses = next.reduce((sum, each) => sum + each.addresses, 0);
    const steps = 1 + next.reduce((most, each) => Math.max(most, each.steps), 0);
    reach.set(address, { addresses, steps });
    // One within one that is too large is reported once, there.
    if (next.some((each) => each.addresses > mostReached || each.steps > deepest)) continue;
    const property = properties.get(address) ?? postmaster;
    if (addresses > mostReached)
      property.report(
        `The alias ${bothForms(address)} leads to ${addresses} addresses in the end, and Postfix expands one to ${mostReached} at most; use mailing-list software for so many.`,
      );
    else if (steps > deepest)
      property.report(
        `The alias ${bothForms(address)} leads over ${steps} others, and Postfix follows ${deepest}; lead it to the mailbox itself.`,
      );
  }
}

/** Depth first. Each loop once, from its first address back to it; and the aliases, each after those that it leads to. */
function follow(targets: ReadonlyMap<string, readonly string[]>): {
  readonly loops: string[][];
  readonly innermostFirst: readonly string[];
} {
  const loops: string[][] = [];
  const done = new Set<string>();
  for (const start of targets.keys()) {
    if (done.has(start)) continue;
    const trail = [start];
    const left = new Map([[start, [...(targets.get(start) ?? [])].reverse()]]);
    for (let here = trail.at(-1); here !== undefined; here = trail.at(-1)) {
      const next = left.get(here)?.pop();
      if (next === undefined) {
        done.add(here);
        left.delete(here);
        trail.pop();
      } else if (left.has(next)) loops.push([...trail.slice(trail.indexOf(next)), next]);
      else if (targets.has(next) && !done.has(next)) {
        trail.push(next);
        left.set(next, [...(targets.get(next) ?? [])].reverse());
      }
    }
  }
  return { loops, innermostFirst: [...done] };
}
