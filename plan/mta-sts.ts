import { show, type Property } from "./property";
import type { MtaSts } from "./types";
import { readWebHost } from "./web-host";

const modes = ["enforce", "testing", "none"];

/** RFC 8461 section 3.2: at most a year. Below a minute senders would fetch the policy for every mail. */
const longestAge = 31_557_600;
const defaultAge = 604_800;

export function readMtaSts(property: Property, domain: string | undefined): MtaSts | undefined {
  const fields = property.fields(["mode", "maxAge", "host"]);
  if (fields === undefined) return undefined;
  const mode = readMode(fields.mode);
  const maxAge = fields.maxAge.isAbsent
    ? defaultAge
    : fields.maxAge.integer(60, longestAge, "give the seconds for which senders keep the policy, a week is 604800");
  const host = fields.host.isAbsent ? undefined : readWebHost(fields.host, domain === undefined ? undefined : `mta-sts.${domain}`);
  if (mode === undefined || maxAge === undefined || (host === undefined && !fields.host.isAbsent)) return undefined;
  return { mode, maxAge, ...(host === undefined ? {} : { host }) };
}

function readMode(property: Property): string | undefined {
  if (property.isAbsent) return "testing";
  const text = property.string('"enforce", "testing" or "none"');
  if (text === undefined || modes.includes(text)) return text;
  return property.report(`${show(text)} is no mode of MTA-STS; write "enforce", "testing" or "none".`);
}
