import { isLabel } from "./names";
import { nearest } from "./nearest";
import { show, type Property } from "./property";
import type { AppPassword } from "./types";

/** What an app password may be good for: submission is 465 and 587. */
export const appServices = ["imap", "pop3", "submission", "sieve"] as const;

/** Of a mailbox. Each further one is another hash that a wrong password is compared with. */
export const mostAppPasswords = 16;

/** Those of one mailbox, sorted by name. */
export function readAppPasswords(property: Property): AppPassword[] {
  const members = property.isAbsent ? [] : (property.members("{phone: {services: [imap, submission]}}") ?? []);
  if (members.length > mostAppPasswords)
    property.report(`${members.length} app passwords are more than a mailbox may have, ${mostAppPasswords}; take some out.`);
  return members.map(({ key: name, property: member }) => {
    if (!isLabel(name))
      member.report(`${show(name)} is no name for an app password; use lower-case letters, digits and "-", at most 63, such as "phone".`);
    const fields = member.fields(["services"], (key) =>
      /pass|hash|secret/i.test(key)
        ? "A password does not belong here; `mailserver passwd ADDRESS --app NAME` makes one and says how to put its hash into the secret passwordHashes."
        : undefined,
    );
    return { name, services: fields === undefined ? appServices : readServices(fields.services) };
  });
}

function readServices(property: Property): readonly string[] {
  if (property.isAbsent) return appServices;
  const list = property.list();
  if (list?.length === 0) property.report('The list is empty; name services that it is for, or take "services" out: it is for all then.');
  const services = new Set<string>();
  for (const entry of list ?? []) {
    const name = entry.string("the name of a service");
    if (name === undefined) continue;
    const guess = nearest(name, appServices);
    if (!appServices.some((service) => service === name))
      entry.report(
        `${show(name)} is no service for an app password; ${guess === undefined ? `known are ${appServices.join(", ")}.` : `did you mean "${guess}"?`}`,
      );
    else if (services.has(name)) entry.report(`${show(name)} is in the list twice; take one out.`);
    else services.add(name);
  }
  return [...services].sort();
}
