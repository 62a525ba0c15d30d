import fc from "fast-check";
import type {
  Declaration,
  DomainDeclaration,
  DomainPoliciesDeclaration,
  ExchangerDeclaration,
  SendingLimitsDeclaration,
} from "../../plan/declaration";
import { twoExchangers } from "../examples/two-exchangers";

const label = (): fc.Arbitrary<string> =>
  fc.stringMatching(/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/).filter((text) => text !== "test" && !text.startsWith("xn--"));
/** The three names that reach the postmaster where they are not declared come up often enough to be declared now and then. */
const localPart = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.stringMatching(/^[a-z0-9_][a-z0-9_-]{0,8}(\.[a-z0-9_-]{1,5})?$/) },
    fc.constantFrom("postmaster", "abuse", "root"),
  );
const domainName = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: label().map((name) => `${name}.test`) },
    fc.constantFrom("bücher.test", "Mixed-Case.test", "xn--fa-hia.test", "ПРИМЕР.test", "日本語.test"),
  );

/** A declaration as a careful person writes it: `parse` takes every one. */
export function saneDeclaration(): fc.Arbitrary<Declaration> {
  return fc
    .record({
      hostZone: label().map((name) => ({ name: `${name}-hosts.test` })),
      exchangers: exchangers(),
      domains: fc.uniqueArray(domain(), { minLength: 1, maxLength: 4, selector: ({ name }) => new URL(`http://${name}`).hostname }),
      systemUsers: fc.uniqueArray(label(), { maxLength: 3 }),
      relayClients: fc.uniqueArray(label(), { maxLength: 3 }),
      operator: fc.record({
        publicKeys: fc.constant(twoExchangers.operator.publicKeys),
        addresses: fc.uniqueArray(
          fc.nat(255).map((third) => `203.0.${third}.0/24`),
          { minLength: 1, maxLength: 3 },
        ),
      }),
    })
    .map(({ systemUsers, relayClients, ...rest }): Declaration => {
      // Debian's names are words; a prefix keeps generated ones clear of them, and of the first domain's local parts, which have no such prefix.
      const users = systemUsers.map((name, index) => [`user-${name}`, index % 2 === 0 ? {} : { home: `/usr/user-${name}` }] as const);
      const clients = relayClients.map((name, index) => [
        name,
        {
          addresses: [`198.18.${index}.0/24`, `10.${index}.0.7/32`],
          senders: rest.domains.slice(index % rest.domains.length).map(sendersOf),
        },
      ]);
      return {
        ...rest,
        ...(users.length > 0 ? { systemUsers: Object.fromEntries(users) } : {}),
        ...(clients.length > 0 ? { relayClients: Object.fromEntries(clients) } : {}),
      };
    })
    .filter(({ domains, systemUsers }) => {
      const first = domains[0];
      return Object.keys(systemUsers ?? {}).every((name) => first?.mailboxes?.[name] === undefined && first?.aliases?.[name] === undefined);
    });
}

/** A whole domain, or an address that each has. */
const sendersOf = ({ name }: DomainDeclaration, index: number): string => (index % 2 === 0 ? name : `Abuse@${name}`);

function exchangers(): fc.Arbitrary<{ [key: string]: ExchangerDeclaration }> {
  const settings = {
    instanceType: fc.constantFrom("t4g.small", "t3.small", "c7gn.2xlarge", "m7i-flex.large"),
    volumeSize: fc.integer({ min: 1, max: 65_536 }),
    generation: fc.integer({ min: 1, max: 9 }),
    region: fc.constantFrom("eu-central-1", "us-gov-east-1"),
    subnet: fc.constant("subnet-0123456789abcdef0"),
  };
  return fc
    .record({
      keys: fc.uniqueArray(label(), { minLength: 1, maxLength: 4 }),
      primary: fc.record(settings, { requiredKeys: [] }),
      backups: fc.array(fc.record(settings, { requiredKeys: [] }), { minLength: 3, maxLength: 3 }),
      preference: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
    })
    .map(({ keys, primary, backups, preference }) =>
      Object.fromEntries(
        keys.map((key, index): [string, ExchangerDeclaration] => {
          if (index === 0) return [key, { role: "primary", ...primary, ...(preference === undefined ? {} : { preference }) }];
          const base = preference ?? 10;
          // Longer than any generated key, so that it is nobody's.
          const former = index === 1 ? { aliases: [`formerly-${key}-as-it-was`], drain: false } : {};
          return [
            key,
            {
              role: "backup",
              ...backups[index - 1],
              ...former,
              preference: base + index * 10,
              ...(index === 2 ? { hostname: `${key}.far` } : {}),
            },
          ];
        }),
      ),
    );
}

/** The first local part is a mailbox; every alias leads to local parts before it, so that there is no loop. */
function domain(): fc.Arbitrary<DomainDeclaration> {
  return fc
    .record({
      name: domainName(),
      locals: fc.uniqueArray(localPart(), { minLength: 1, maxLength: 8 }),
      isAlias: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      picks: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      explicitZone: fc.boolean(),
      policies: policies(),
      sending: sending(),
    })
    .map(({ name, locals, isAlias, picks, explicitZone, policies: said, sending: { own, domain: usual } }) => {
      const mailboxes: { [local: string]: object } = {};
      const aliases: { [local: string]: string[] } = {};
      for (const [index, local] of locals.entries()) {
        const target = locals[(picks[index] ?? 0) % Math.max(1, index)];
        if (index === 0 || isAlias[index] !== true || target === undefined)
          mailboxes[local] = [
            {},
            { sendsAs: index % 2 === 0 ? [name] : [`Root@${name}`], sendingLimits: own },
            { appPasswords: { phone: { services: ["imap", "submission"] }, "old-pc": {} } },
          ][index % 3]!;
        else
          aliases[local] = [index % 2 === 0 ? target : `${target}@${name}`, ...(index % 5 === 4 ? ["Some.Body+x@elsewhere.example"] : [])];
      }
      return {
        name,
        ...said,
        sendingLimits: usual,
        ...(explicitZone ? { zone: { name, id: "0123456789abcdef0123456789abcdef" } } : {}),
        mailboxes,
        aliases,
      };
    });
}

function sending(): fc.Arbitrary<{ readonly own: SendingLimitsDeclaration; readonly domain: SendingLimitsDeclaration }> {
  const limits = fc.record(
    { messagesPerHour: fc.integer({ min: 1, max: 100_000 }), recipientsPerMessage: fc.integer({ min: 1, max: 1000 }) },
    { requiredKeys: [] },
  );
  return fc.record({ own: limits, domain: limits });
}

/** What records say besides where mail goes; reports go to an address that every domain has, or to nobody of ours. */
function policies(): fc.Arbitrary<DomainPoliciesDeclaration> {
  const policy = fc.constantFrom("none", "quarantine", "reject");
  const reports = fc.uniqueArray(fc.constantFrom("dmarc+1@reports.elsewhere.example", "a!b@elsewhere.example"), { maxLength: 2 });
  const some = <T>(record: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(record, { requiredKeys: [] });
  return some({
    spf: some({
      include: fc.uniqueArray(fc.constantFrom("_spf.elsewhere.example", "spf_a.elsewhere.example"), { maxLength: 2 }),
      terms: fc.uniqueArray(
        fc.constantFrom("mx", "a:web.elsewhere.example/28", "ip4:198.18.0.0/24", "ip6:2001:db8::7", "exists:%{i}.elsewhere.example"),
      ),
      others: fc.constantFrom("fail", "softfail"),
    }),
    dkim: fc.dictionary(label(), some({ type: fc.constantFrom("rsa", "ed25519"), revoked: fc.boolean() }), { maxKeys: 3 }),
    dmarc: some({ p: policy, sp: policy, np: policy, adkim: fc.constantFrom("r", "s"), rua: reports, t: fc.boolean() }),
    mtaSts: some({
      mode: fc.constantFrom("enforce", "testing", "none"),
      maxAge: fc.integer({ min: 60, max: 31_557_600 }),
      host: fc.constant("web.elsewhere.example"),
    }),
    tlsReports: fc.uniqueArray(fc.constantFrom("tls@elsewhere.example", "https://elsewhere.example/tls"), { maxLength: 2 }),
    services: fc.uniqueArray(fc.constantFrom("imaps", "imap", "pop3s", "pop3", "submissions", "submission", "sieve")),
    autoconfig: fc.constant("web.elsewhere.example"),
  });
}
