import fc from "fast-check";
import type { Declaration, ExchangerDeclaration } from "../../plan/declaration";
import { saneDeclaration } from "./declarations";

/** A sane declaration, and the same after an operator's change: one that costs no mail if Pulumi deploys it. */
export interface Operation {
  readonly what: string;
  readonly before: Declaration;
  readonly after: Declaration;
}

type Exchangers = Declaration["exchangers"];
type Entry = readonly [key: string, exchanger: ExchangerDeclaration];

const highest = (exchangers: Exchangers): number =>
  Math.max(...Object.values(exchangers).map(({ preference, role }) => preference ?? (role === "primary" ? 10 : 20)));
const backups = (exchangers: Exchangers): Entry[] => Object.entries(exchangers).filter(([, { role }]) => role === "backup");

/** By name; `undefined` where there is nothing to do it to. */
const operations: { readonly [what: string]: (declaration: Declaration, pick: number) => Declaration | undefined } = {
  nothing: (declaration) => declaration,
  "a backup more": (declaration, pick) => {
    const preference = highest(declaration.exchangers) + 1 + (pick % 100);
    return { ...declaration, exchangers: { ...declaration.exchangers, "one-more-exchanger": { role: "backup", preference } } };
  },
  "a backup less": ({ exchangers, ...rest }, pick) => {
    const all = backups(exchangers).filter(([, { drain }]) => drain !== false);
    const gone = all[pick % all.length]?.[0];
    return gone === undefined
      ? undefined
      : { ...rest, exchangers: Object.fromEntries(Object.entries(exchangers).filter(([key]) => key !== gone)) };
  },
  "another preference": (declaration, pick) => {
    const all = backups(declaration.exchangers);
    return withExchanger(declaration, all[pick % all.length], { preference: highest(declaration.exchangers) + 1 + (pick % 50) });
  },
  "another host name": (declaration, pick) => withExchanger(declaration, any(declaration, pick), { hostname: "under-another-name" }),
  "another zone for the hosts": (declaration) => ({ ...declaration, hostZone: { name: "elsewhere-hosts.test" } }),
  "another key": (declaration, pick) => {
    const [key, exchanger] = any(declaration, pick) ?? [];
    if (key === undefined || exchanger === undefined) return undefined;
    const others = Object.entries(declaration.exchangers).filter(([other]) => other !== key);
    const renamed = { hostname: key, ...exchanger, aliases: [...(exchanger.aliases ?? []), key] };
    return { ...declaration, exchangers: Object.fromEntries([...others, ["under-another-key", renamed]]) };
  },
  "a new machine": (declaration, pick) =>
    withExchanger(declaration, any(declaration, pick), { generation: 17, instanceType: "c7gn.4xlarge" }),
  "another time to live": (declaration, pick) => ({ ...declaration, ttl: 60 + (pick % 3000) }),
  "a domain more": (declaration) => ({
    ...declaration,
    domains: [...declaration.domains, { name: "one-more-domain.test", mailboxes: { carol: {} } }],
  }),
  "a mailbox more": (declaration) => ({
    ...declaration,
    domains: declaration.domains.map((domain, index) =>
      index === 0 ? { ...domain, mailboxes: { ...domain.mailboxes, "one-more-mailbox": {} } } : domain,
    ),
  }),
};

const any = ({ exchangers }: Declaration, pick: number): Entry | undefined =>
  Object.entries(exchangers)[pick % Object.keys(exchangers).length];

function withExchanger(
  declaration: Declaration,
  entry: Entry | undefined,
  settings: Partial<ExchangerDeclaration>,
): Declaration | undefined {
  if (entry === undefined) return undefined;
  return { ...declaration, exchangers: { ...declaration.exchangers, [entry[0]]: { ...entry[1], ...settings } } };
}

export function operation(): fc.Arbitrary<Operation> {
  return fc
    .record({ before: saneDeclaration(), what: fc.constantFrom(...Object.keys(operations)), pick: fc.nat() })
    .map(({ before, what, pick }) => ({ what, before, after: operations[what]?.(before, pick) ?? before }));
}

export const kinds: readonly string[] = Object.keys(operations);
