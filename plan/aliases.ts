import type { AddressBook } from "./address-book";
import type { DeclaredAddress, DeclaredDomain } from "./domains";
import { localPartRule, mailAddress } from "./names";
import { show, type Property } from "./property";
import type { Alias } from "./types";

/**
 * Local parts that always reach somebody: postmaster (RFC 5321 section 4.5.1), abuse (RFC 2142 section 2), and root, whose name programs on hosts
 * write into reports.
 */
export const alwaysReached = ["abuse", "postmaster", "root"] as const;

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
  if (list?.length === 0) alias.property.report(`The alias ${alias.address} has no target; give at least one, or take it out.`);
  const targets = (list ?? []).map((entry) => readTarget(entry, domain, domains, book)).filter((target) => target !== undefined);
  return [...new Set(targets)].sort();
}

function readTarget(property: Property, domain: string, domains: ReadonlySet<string>, book: AddressBook): string | undefined {
  const text = property.string("a local part of this domain or an address");
  if (text === undefined) return undefined;
  const address = mailAddress(text.includes("@") ? text : `${text}@${domain}`);
  if (address === undefined) return property.report(`${show(text)} is not a local part or an address; ${localPartRule}.`);
  const targetDomain = address.slice(address.lastIndexOf("@") + 1);
  if (!domains.has(targetDomain)) {
    return property.report(
      `${show(text)} is outside of the declared domains, and forwarding outside is not offered yet; take a mailbox of a declared domain.`,
    );
  }
  const isImplied = alwaysReached.some((local) => address === `${local}@${targetDomain}`);
  return book.has(address) || isImplied ? address : property.report(`${address} is not declared; ${book.wayOut(address)}`);
}

/**
 * Reports every loop, at a declared alias of it, or at `postmaster` where implied aliases alone make one.
 * Postfix would defer such mail for days (`virtual_alias_recursion_limit`).
 */
export function checkLoops(aliases: readonly Alias[], declared: readonly DeclaredAddress[], postmaster: Property): void {
  const properties = new Map(declared.map(({ address, property }) => [address, property]));
  for (const loop of findLoops(new Map(aliases.map(({ address, targets }) => [address, targets])))) {
    const at = loop.map((address) => properties.get(address)).find((property) => property !== undefined) ?? postmaster;
    at.report(`The alias leads back to itself: ${loop.join(" -> ")}; let one of them lead to a mailbox only.`);
  }
}

/** Depth first. Each loop once, from its first address back to it. */
function findLoops(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const loops: string[][] = [];
  const done = new Set<string>();
  for (const start of targets.keys()) {
    if (done.has(start)) continue;
    const trail = [{ address: start, left: [...(targets.get(start) ?? [])] }];
    for (let here = trail.at(-1); here !== undefined; here = trail.at(-1)) {
      const next = here.left.shift();
      if (next === undefined) {
        done.add(here.address);
        trail.pop();
        continue;
      }
      const seenAt = trail.findIndex(({ address }) => address === next);
      if (seenAt >= 0) loops.push([...trail.slice(seenAt).map(({ address }) => address), next]);
      else if (targets.has(next) && !done.has(next)) trail.push({ address: next, left: [...(targets.get(next) ?? [])] });
    }
  }
  return loops;
}
