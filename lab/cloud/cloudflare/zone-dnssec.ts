import { signingKey } from "../../services/signing-key";
import type { Cloud } from "../cloud";
import { now } from "../clock";
import { boolean, string, type ResourceDefinition } from "../protocol/definition";
import type { Properties, Value } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";
import type { CloudflareZone, CloudState } from "../state";

/** Until Cloudflare has seen the DS record at the parent, it calls the status pending (developer docs, "DNSSEC states"); that it has takes it about an hour. */
const PENDING_MS = 3_600_000;

function zoneOf(state: CloudState, id: Value | undefined): CloudflareZone {
  const zone = state.zones[String(id)];
  if (zone === undefined) {
    throw new ServiceError("7003", `Could not route to /zones/${String(id)}/dnssec, perhaps your object identifier is invalid?`);
  }
  return zone;
}

/** The lab's zones are signed from their beginning, all with one key; this tells of that key as the API does. */
function outputs(cloud: Cloud, { id, name }: CloudflareZone, status: string, since: number): Properties {
  const { dnskey, ds } = signingKey(cloud.lab);
  const [keyTag = "", algorithm = "", digestType = "", digest = ""] = ds(name).split(" ");
  return {
    zoneId: id,
    status,
    algorithm,
    digest: digest.toUpperCase(),
    digestAlgorithm: "SHA256",
    digestType,
    ds: `${name}. 3600 IN DS ${keyTag} ${algorithm} ${digestType} ${digest.toUpperCase()}`,
    flags: 257,
    keyTag: Number(keyTag),
    keyType: "ECDSAP256SHA256",
    modifiedOn: new Date(since).toISOString(),
    publicKey: dnskey.split(" ")[3] ?? "",
  };
}

async function set(cloud: Cloud, zoneId: Value | undefined, status: Value | undefined): Promise<Properties> {
  const zone = await cloud.change((state) => {
    const found = zoneOf(state, zoneId);
    if (status === "active") found.signedSince ??= now(state);
    else delete found.signedSince;
    return found;
  });
  return outputs(cloud, zone, String(status), zone.signedSince ?? now(cloud.read()));
}

export const zoneDnssec: ResourceDefinition = {
  token: "cloudflare:index/zoneDnssec:ZoneDnssec",
  inputs: {
    dnssecUseNsec3: boolean(),
    status: string({
      // The provider's validator (internal/services/zone_dnssec/schema.go).
      check: (value) =>
        ["active", "disabled"].includes(String(value).toLowerCase()) ? undefined : 'value must be one of: ["active" "disabled"]',
    }),
    zoneId: string({ required: true, replaces: true }),
  },
  notSimulated: ["dnssecMultiSigner", "dnssecPresigned"],
  // API reference, "Edit DNSSEC Status" and "DNSSEC Details": accepted permissions.
  calls: {
    create: { always: ["DNS Edit"] },
    read: { always: ["DNS Read"] },
    update: { always: ["DNS Edit"] },
    delete: { always: ["DNS Edit"] },
  },
  computed: {
    algorithm: "kept",
    digest: "kept",
    digestAlgorithm: "kept",
    digestType: "kept",
    ds: "kept",
    flags: "kept",
    keyTag: "kept",
    keyType: "kept",
    modifiedOn: "renewed",
    publicKey: "kept",
  },

  async create(inputs, { cloud }) {
    const made = await set(cloud, inputs.zoneId, inputs.status ?? "active");
    return { id: String(inputs.zoneId), outputs: { ...inputs, ...made } };
  },

  async read(id, _previous, { cloud }) {
    const state = cloud.read();
    const zone = zoneOf(state, id);
    const since = zone.signedSince;
    if (since === undefined) return outputs(cloud, zone, "disabled", now(state));
    return outputs(cloud, zone, now(state) - since < PENDING_MS ? "pending" : "active", since);
  },

  async update(_id, inputs, _previous, { cloud }) {
    return { ...inputs, ...(await set(cloud, inputs.zoneId, inputs.status)) };
  },

  async delete(id, _outputs, { cloud }) {
    // internal/services/zone_dnssec/custom.go: the status is set to disabled.
    await set(cloud, id, "disabled");
  },
};
