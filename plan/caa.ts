import type { Property } from "./property";
import { readHttpsUri, readReportUri } from "./report-address";
import type { Caa } from "./types";
import { readDomainName } from "./zone";

export function readCaa(property: Property): Caa | undefined {
  const fields = property.fields(["issuer", "accountUri", "iodef"]);
  if (fields === undefined) return undefined;
  const issuer = readDomainName(fields.issuer);
  const accountUri = fields.accountUri.isAbsent ? undefined : readHttpsUri(fields.accountUri);
  const iodef = fields.iodef.isAbsent ? undefined : readReportUri(fields.iodef);
  if (issuer === undefined) return undefined;
  if ((accountUri === undefined && !fields.accountUri.isAbsent) || (iodef === undefined && !fields.iodef.isAbsent)) return undefined;
  return { issuer, ...(accountUri === undefined ? {} : { accountUri }), ...(iodef === undefined ? {} : { iodef }) };
}
