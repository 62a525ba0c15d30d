import { object, string, type FunctionDefinition } from "../protocol/definition";
import { isObject } from "../protocol/property-value";
import { ServiceError } from "../protocol/service-error";

export const getZone: FunctionDefinition = {
  token: "cloudflare:index/getZone:getZone",
  inputs: { filter: object({ name: string(), status: string(), match: string() }), zoneId: string() },
  calls: ["Zone Read"],
  async invoke({ filter, zoneId }, { cloud }) {
    const zones = Object.values(cloud.read().zones);
    if (zoneId !== undefined && filter !== undefined) throw new Error("zoneId and filter exclude each other");
    if (zoneId === undefined && filter === undefined) throw new Error("one of zoneId and filter must be given");
    const wanted = isObject(filter) ? filter : {};
    const found = zones.filter((zone) =>
      zoneId === undefined
        ? (wanted.name === undefined || zone.name === wanted.name) && (wanted.status === undefined || wanted.status === "active")
        : zone.id === zoneId,
    );
    const [zone] = found;
    if (zone === undefined && zoneId !== undefined) {
      throw new ServiceError("7003", `Could not route to /zones/${String(zoneId)}, perhaps your object identifier is invalid?`);
    }
    // The data source lists the zones, needs exactly one, and reads it.
    if (zone === undefined || found.length > 1) {
      throw new Error(`expected exactly one zone to match the filter ${JSON.stringify(wanted)}, found ${found.length}`);
    }
    return {
      id: zone.id,
      zoneId: zone.id,
      name: zone.name,
      nameServers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
      paused: false,
      status: "active",
      type: "full",
    };
  },
};
