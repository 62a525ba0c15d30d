import { randomBytes } from "node:crypto";
import { boolean, list, number, string, type Failure, type ResourceDefinition } from "../protocol/definition";
import { equal, isObject, type Properties, type Value } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { CloudflareZone, CloudState, DnsRecord } from "../state";
import { acceptName, acceptTogether, CONTENT_TYPES, DATA_TYPES, invalid, normalise, PROXIABLE } from "./record-content";
import { acceptData, data } from "./record-data";

const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");

/** Developer docs, "Records with the same name". */
const SAME_NAME =
  "For more details, refer to <https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/>.";
/** Developer docs, "DNS records quota", zones on the Free plan. */
const RECORDS_PER_ZONE = 200;
/** Developer docs, "Record attributes": a comment on the Free plan. */
const COMMENT_LIMIT = 100;

/** Ids of names in this zone; what is not in it gets the zone's name appended, as the API does. */
function fullName(state: CloudState, zone: CloudflareZone, given: string): string {
  const name = given.toLowerCase().replace(/\.$/, "");
  if (name === "@" || name === zone.name) return zone.name;
  if (name.endsWith(`.${zone.name}`)) return name;
  const other = Object.values(state.zones).find((candidate) => name === candidate.name || name.endsWith(`.${candidate.name}`));
  // The API would accept this too, and quietly make `mail.other.example.zone.example` of it.
  if (other !== undefined)
    throw invalid(`the name ${name} is in the zone ${other.name}, not in ${zone.name}; it would become ${name}.${zone.name}`);
  return `${name}.${zone.name}`;
}

/** The record that these inputs ask for, or the API's refusal. `self` is the record that they change. */
function accept(state: CloudState, inputs: Properties, self: DnsRecord | undefined): DnsRecord {
  const zone = state.zones[text(inputs.zoneId)];
  if (zone === undefined) {
    throw new ServiceError(
      "7003",
      `Could not route to /zones/${text(inputs.zoneId)}/dns_records, perhaps your object identifier is invalid?`,
    );
  }
  const type = text(inputs.type);
  const name = fullName(state, zone, text(inputs.name));
  acceptName(name);
  if (DATA_TYPES.includes(type)) acceptData(type, inputs.data);
  // Tags are for paid plans (terraform-provider-cloudflare, issue 3217).
  const tags = Array.isArray(inputs.tags) ? inputs.tags.length : 0;
  if (tags > 0) throw new ServiceError("9300", `DNS record has ${tags} tags, exceeding the quota of 0.`);
  const now = new Date().toISOString();
  const record: DnsRecord = {
    id: self?.id ?? randomBytes(16).toString("hex"),
    zoneId: zone.id,
    name,
    type,
    ttl: Number(inputs.ttl),
    proxied: inputs.proxied === true,
    createdOn: self?.createdOn ?? now,
    modifiedOn: now,
  };
  if (inputs.content !== undefined) record.content = normalise(type, text(inputs.content));
  if (isObject(inputs.data)) record.data = inputs.data;
  if (typeof inputs.priority === "number") record.priority = inputs.priority;
  if (typeof inputs.comment === "string") record.comment = inputs.comment;
  acceptAlone(record);
  acceptBeside(
    state,
    record,
    Object.values(state.records).filter((other) => other.zoneId === zone.id && other.id !== record.id),
  );
  return record;
}

/** What is wrong with a record whatever else is in the zone. */
function acceptAlone(record: DnsRecord): void {
  if (record.ttl !== 1 && (record.ttl < 60 || record.ttl > 86400)) {
    throw new ServiceError("9021", "Invalid TTL. Must be between 60 and 86,400 seconds, or 1 for Automatic.");
  }
  if (record.proxied && !PROXIABLE.includes(record.type)) throw new ServiceError("9004", "This record type cannot be proxied.");
  if (record.type === "MX" && record.priority === undefined) throw invalid("priority is a required field for MX records.");
  if (record.priority !== undefined && (!Number.isInteger(record.priority) || record.priority < 0 || record.priority > 65535)) {
    throw invalid("priority must be between 0 and 65535.");
  }
  if ((record.comment ?? "").length > COMMENT_LIMIT) throw invalid(`comment must be at most ${COMMENT_LIMIT} characters.`);
}

/** What is wrong with a record because of others in its zone. */
function acceptBeside(state: CloudState, record: DnsRecord, others: readonly DnsRecord[]): void {
  const sameName = others.filter((other) => other.name === record.name);
  const value = ({ type, content, data, priority }: DnsRecord): Value => [type, content ?? null, (data ?? null) as Value, priority ?? null];
  if (sameName.some((other) => equal(value(other), value(record)))) throw new ServiceError("81058", "An identical record already exists.");
  if (record.type === "CNAME" && sameName.some((other) => PROXIABLE.includes(other.type))) {
    throw new ServiceError("81053", `An A, AAAA, or CNAME record with that host already exists. ${SAME_NAME}`);
  }
  if (["A", "AAAA"].includes(record.type) && sameName.some((other) => other.type === "CNAME")) {
    throw new ServiceError("81054", `A CNAME record with that host already exists. ${SAME_NAME}`);
  }
  if (others.length >= RECORDS_PER_ZONE) throw new ServiceError("81045", "Record quota exceeded.");
  acceptTogether([record, ...sameName.filter((other) => other.type === record.type)].map(({ content = "" }) => content));
  // The API takes this and answers the MX with a generated name instead of the target; no mail system can want it.
  const target = Object.values(state.records).find((other) => record.type === "MX" && other.name === record.content && other.proxied);
  if (target !== undefined) throw invalid(`the MX target ${target.name} is proxied; SMTP does not pass Cloudflare's proxy.`);
}

const outputs = (record: DnsRecord): Properties => ({
  zoneId: record.zoneId,
  name: record.name,
  type: record.type,
  ttl: record.ttl,
  proxied: record.proxied,
  ...(record.content === undefined ? {} : { content: record.content }),
  ...(record.data === undefined ? {} : { data: record.data as Properties }),
  ...(record.priority === undefined ? {} : { priority: record.priority }),
  ...(record.comment === undefined ? {} : { comment: record.comment }),
  createdOn: record.createdOn,
  modifiedOn: record.modifiedOn,
  meta: "{}",
  proxiable: PROXIABLE.includes(record.type),
  tags: [],
});

/** Absolute and relative forms of a name are no difference (internal/services/dns_record/custom.go). */
const sameName = (a: Value | undefined, b: Value | undefined): boolean => {
  const [short, long] = [text(a).toLowerCase(), text(b).toLowerCase()].sort((x, y) => x.length - y.length) as [string, string];
  return short === long || (short !== "" && !short.includes(".") && (short === "@" || long.startsWith(`${short}.`)));
};

/** Upper and lower case of a CNAME's target are no difference (the same file). */
const sameContent = (a: Value | undefined, b: Value | undefined, inputs: Properties): boolean =>
  inputs.type === "CNAME" && text(a).toLowerCase() === text(b).toLowerCase();

/** The provider's own validators (internal/services/dns_record/schema.go). */
function check(inputs: Properties): Failure[] {
  const failures: Failure[] = [];
  const type = text(inputs.type);
  if (inputs.content !== undefined && inputs.data !== undefined) failures.push({ property: "content", reason: "conflicts with data" });
  if (inputs.proxied === true && inputs.ttl !== undefined && inputs.ttl !== 1) {
    failures.push({ property: "ttl", reason: "must be 1 when `proxied` is true" });
  }
  if (DATA_TYPES.includes(type) && inputs.content !== undefined) {
    failures.push({ property: "content", reason: `a record of type ${type} is given by data` });
  }
  if (CONTENT_TYPES.includes(type) && inputs.data !== undefined) {
    failures.push({ property: "data", reason: `a record of type ${type} is given by content` });
  }
  return failures;
}

export const dnsRecord: ResourceDefinition = {
  token: "cloudflare:index/dnsRecord:DnsRecord",
  inputs: {
    comment: string(),
    content: string({ same: sameContent }),
    data,
    name: string({ required: true, same: sameName }),
    priority: number(),
    proxied: boolean({ default: false }),
    tags: list(string()),
    ttl: number({ required: true }),
    type: string({
      required: true,
      replaces: true,
      // NS records, which delegate, are no part of the simulation.
      check: (value) =>
        [...CONTENT_TYPES, ...DATA_TYPES].includes(text(value))
          ? undefined
          : `the lab's cloud does not simulate records of type "${text(value)}"`,
    }),
    zoneId: string({ required: true, replaces: true }),
  },
  notSimulated: ["includeShadowMetadata", "privateRouting", "settings"],
  // Permission groups of a token (developer docs, "API token permissions"); DNS Edit includes DNS Read.
  calls: {
    create: { always: ["DNS Edit"] },
    read: { always: ["DNS Read"] },
    update: { always: ["DNS Edit"] },
    delete: { always: ["DNS Edit"] },
  },
  computed: { createdOn: "kept", meta: "kept", modifiedOn: "renewed", proxiable: "kept", tags: "kept" },
  check,

  async create(inputs, { cloud }) {
    const record = await cloud.change((state) => {
      const made = accept(state, inputs, undefined);
      if (made.content === undefined && made.data === undefined) throw invalid("content is required.");
      return (state.records[made.id] = made);
    });
    return { id: record.id, outputs: { ...inputs, ...outputs(record) } };
  },

  /** `ZONE/RECORD` (Pulumi registry, cloudflare.DnsRecord, "Import"). */
  imported(text) {
    const [zoneId, id, ...more] = text.split("/");
    return zoneId === undefined || id === undefined || more.length > 0 ? undefined : { id, outputs: { zoneId } };
  },

  async read(id, previous, { cloud }) {
    const record = cloud.read().records[id];
    if (record === undefined || (previous.zoneId !== undefined && record.zoneId !== previous.zoneId)) return undefined;
    return outputs(record);
  },

  async update(id, inputs, _previous, { cloud }) {
    const record = await cloud.change((state) => {
      const before = state.records[id];
      if (before === undefined) throw new ServiceError("81044", "Record does not exist.");
      return (state.records[id] = accept(state, inputs, before));
    });
    return { ...inputs, ...outputs(record) };
  },

  async delete(id, _outputs, { cloud }) {
    // Gone already: the provider takes 404 as done.
    await cloud.change((state) => {
      delete state.records[id];
    });
  },
};
