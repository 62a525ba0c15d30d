import { isIPv4, isIPv6 } from "node:net";
import { addressRange, type RangeUse } from "./address-range";
import { domainName } from "./domain-name";
import { nearest } from "./nearest";
import { show, type Property } from "./property";
import type { Spf } from "./types";

/** Terms that make a receiver look something up; it gives up beyond so many (RFC 7208 section 4.6.4). */
const lookups = ["include", "a", "mx", "exists"];
const mostLookups = 10;

/** `mx` has ten addresses at most (the same section), so nobody's network needs to be larger. */
const senders: RangeUse = {
  widest: { 4: 8, 6: 16 },
  tooWide: "would let a large part of the Internet send as the domain; give the ranges of those who do",
};

const mechanisms = ["a", "mx", "ip4", "ip6", "exists"];

/** Characters of a macro (RFC 7208 section 7.1). */
const macro = String.raw`%\{[slodiphcrtvSLODIPHCRTV]\d{0,3}r?[-.+,/_=]*\}|%%|%_|%-`;
const macroString = new RegExp(`^(?:${macro}|[\\x21-\\x24\\x26-\\x7e])+$`);

export const defaultSpf: Spf = { terms: [], all: "-all" };

export function readSpf(property: Property): Spf | undefined {
  const fields = property.fields(["include", "terms", "others"]);
  if (fields === undefined) return undefined;
  const include = readTerms(fields.include, (entry) => {
    const name = readName(entry, "a domain with an SPF record, such as _spf.example.net");
    return name === undefined ? undefined : `include:${name}`;
  });
  const terms = readTerms(fields.terms, readTerm);
  const all = readOthers(fields.others);
  if (include === undefined || terms === undefined || all === undefined) return undefined;
  const every = [...terms, ...include];
  const counted = every.filter((term) => lookups.includes(/^[-+~?]?(\w+)/.exec(term)?.[1] ?? "")).length;
  if (counted > mostLookups)
    return property.report(
      `The record has ${counted} terms that a receiver must look up, and at more than ${mostLookups} it takes the record for broken (RFC 7208 section 4.6.4); give addresses instead, as ip4: or ip6:.`,
    );
  return { terms: every, all };
}

function readOthers(property: Property): string | undefined {
  if (property.isAbsent) return defaultSpf.all;
  const text = property.string('"fail" or "softfail"');
  if (text === "fail") return "-all";
  if (text === "softfail") return "~all";
  return text === undefined ? undefined : property.report(`${show(text)} is no answer for others; write "fail" or "softfail".`);
}

function readTerms(property: Property, read: (entry: Property) => string | undefined): readonly string[] | undefined {
  if (property.isAbsent) return [];
  const list = property.list();
  const seen = new Set<string>();
  const terms = list?.map((entry) => {
    const term = read(entry);
    if (term === undefined) return undefined;
    if (seen.has(term)) return entry.report(`${entry.shown} is in the list twice; take one out.`);
    seen.add(term);
    return term;
  });
  return terms?.every((term) => term !== undefined) === true ? terms : undefined;
}

/** A mechanism in its one spelling, without the `+` that it has when nothing else is said (section 4.6.2). */
function readTerm(property: Property): string | undefined {
  const text = property.string("a mechanism such as ip4:192.0.2.0/28");
  if (text === undefined) return undefined;
  const [, qualifier = "", name = "", rest = ""] = /^([-+~?]?)([A-Za-z][A-Za-z0-9._-]*)([:/=].*)?$/s.exec(text) ?? [];
  const refused = (why: string): undefined => property.report(`${show(text)} cannot be here: ${why}.`);
  const mechanism = name.toLowerCase();
  const sign = qualifier === "+" ? "" : qualifier;
  switch (mechanism) {
    case "all":
      return refused("what becomes of all others is decided by others, which is fail or softfail");
    case "redirect":
      return refused("a receiver looks at redirect only where nothing else decides (RFC 7208 section 6.1); give the domain under include");
    case "include":
      return refused("give the domain alone, under include");
    case "ptr":
      return refused("ptr is slow and not to be used (RFC 7208 section 5.5); give addresses, as ip4: or ip6:");
    case "exp":
      return refused("explanations are not supported; take it out");
    case "ip4":
    case "ip6": {
      const address = readAddress(mechanism, rest.startsWith(":") ? rest.slice(1) : "");
      return "error" in address ? property.report(`${show(text)} ${address.error}.`) : `${sign}${mechanism}:${address.range}`;
    }
    case "a":
    case "mx": {
      const [, domain, four, six] = /^(?::([^/]+))?(?:\/(\d{1,2}))?(?:\/\/(\d{1,3}))?$/s.exec(rest) ?? [null];
      const lengths = [four, six].map((bits) => (bits === undefined ? 0 : Number(bits)));
      if (domain === null || (lengths[0] ?? 0) > 32 || (lengths[1] ?? 0) > 128)
        return refused(`write it as ${mechanism}, ${mechanism}:example.org or ${mechanism}:example.org/28`);
      const target = domain === undefined ? "" : readSpec(property, text, domain);
      if (target === undefined) return undefined;
      return `${sign}${mechanism}${target === "" ? "" : `:${target}`}${four === undefined ? "" : `/${Number(four)}`}${six === undefined ? "" : `//${Number(six)}`}`;
    }
    case "exists": {
      if (!rest.startsWith(":") || rest === ":") return refused("write it as exists:%{i}._spf.example.org");
      const target = readSpec(property, text, rest.slice(1));
      return target === undefined ? undefined : `${sign}exists:${target}`;
    }
    default: {
      const guess = nearest(mechanism, mechanisms);
      return property.report(
        `${show(text)} is no mechanism of SPF (RFC 7208 section 5); ${guess === undefined ? `known here are ${mechanisms.join(", ")}.` : `did you mean "${guess}"?`}`,
      );
    }
  }
}

function readAddress(mechanism: "ip4" | "ip6", text: string): { readonly range: string } | { readonly error: string } {
  const is = mechanism === "ip4" ? isIPv4 : isIPv6;
  const [address = ""] = text.split("/");
  if (!is(address) || !/^[0-9a-f.:]+$/i.test(address))
    return {
      error: `has no ${mechanism === "ip4" ? "IPv4 address; write it as ip4:192.0.2.7 or ip4:192.0.2.0/28" : "IPv6 address; write it as ip6:2001:db8::7 or ip6:2001:db8::/64"}`,
    };
  const size = mechanism === "ip4" ? 32 : 128;
  const range = addressRange(text.includes("/") ? text : `${text}/${size}`, senders);
  return "error" in range ? range : { range: range.range.replace(`/${size}`, "") };
}

/** A domain, with macros or without. */
function readSpec(property: Property, text: string, spec: string): string | undefined {
  if (!spec.includes("%")) return readName(property, "", spec, text);
  // It ends with a macro or with a top-level domain (section 7.1, "domain-end"); look-ups of what it becomes are the receiver's.
  if (macroString.test(spec) && /(?:\}|\.[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]\.?)$/.test(spec) && spec.length <= 253) return spec;
  return property.report(
    `${show(text)} has a macro that is none, or ends in no domain (RFC 7208 section 7.1); write it as %{i}._spf.example.org.`,
  );
}

/** A name of anything in DNS, which may have `_` in it, in lower case and ASCII. */
function readName(property: Property, meaning: string, given?: string, shown?: string): string | undefined {
  const text = given ?? property.string(meaning);
  if (text === undefined) return undefined;
  // eslint-disable-next-line no-control-regex -- "is it ASCII" is the question
  if (text.includes("_") && /^[\x00-\x7f]*$/.test(text)) {
    const name = text.toLowerCase();
    if (name.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return name;
  }
  const result = domainName(text);
  return "error" in result ? property.report(`${show(shown ?? text)} has no domain name: ${result.error}.`) : result.name;
}
