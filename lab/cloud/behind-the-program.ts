/** What hands change in the accounts while the program does not run: an operator in a console, AWS support, a power cut. */
import { randomBytes } from "node:crypto";
import type { Lab } from "../lab";
import { disassociate } from "./aws/eip";
import { terminateInstance } from "./aws/instance-power";
import { openCloud, withCloud, worldOf } from "./cloud";
import type { CloudState, DnsRecord, Instance, SecurityGroupRule } from "./state";

/** What AWS support does to the account: lifts or sets the restriction on outbound port 25. */
export const setPort25 = (lab: Lab, port25: "open" | "closed"): Promise<void> =>
  withCloud(lab, (state) => {
    state.port25 = port25;
  });

/** What AWS support does to the account: another quota of virtual CPUs. */
export const setVcpuQuota = (lab: Lab, vcpus: number): Promise<void> =>
  withCloud(lab, (state) => {
    state.standardVcpus = vcpus;
  });

/** Lets time pass in the cloud: what AWS allows again only after hours can be tried at once. */
export const letTimePass = (lab: Lab, seconds: number): Promise<void> =>
  withCloud(lab, (state) => {
    state.clockAheadSeconds += seconds;
  });

/** Records that a machine was switched on or off without the program, so that the cloud's books stay true. */
export const setPower = (lab: Lab, instanceId: string, power: Instance["state"]): Promise<void> =>
  withCloud(lab, (state) => {
    one(state.instances, instanceId, lab).state = power;
  });

/** Ends a machine; its address and volume are free, and stay. */
export async function terminate(lab: Lab, instanceId: string): Promise<void> {
  const cloud = openCloud(lab, await worldOf(lab));
  await terminateInstance(instanceId, one(cloud.read().instances, instanceId, lab).region, { cloud });
}

/** Takes a volume from its machine, which must have unmounted it. */
export async function detach(lab: Lab, volumeId: string): Promise<void> {
  const cloud = openCloud(lab, await worldOf(lab));
  const { attachment } = one(cloud.read().volumes, volumeId, lab);
  if (attachment === undefined) return;
  await cloud.world.detach(volumeId, attachment.instanceId);
  await cloud.change((state) => {
    delete one(state.volumes, volumeId, lab).attachment;
  });
}

/** Takes an Elastic IP from its machine. */
export const disassociateAddress = (lab: Lab, allocationId: string): Promise<void> =>
  withCloud(lab, (state) => disassociate(one(state.addresses, allocationId, lab)));

/** Takes an Elastic IP's reverse name away. */
export const resetReverseName = (lab: Lab, allocationId: string): Promise<void> =>
  withCloud(lab, (state) => {
    delete one(state.addresses, allocationId, lab).ptrRecord;
  });

/** Makes DNS records in a zone, as somebody else who has it too; nothing is checked. Returns their ids. */
export async function addRecords(lab: Lab, zone: string, records: readonly AddedRecord[]): Promise<string[]> {
  const now = new Date().toISOString();
  const ids = records.map(() => randomBytes(16).toString("hex"));
  await withCloud(lab, (state) => {
    const zoneId = Object.values(state.zones).find(({ name }) => name === zone)?.id ?? zone;
    one(state.zones, zoneId, lab);
    for (const [index, record] of records.entries()) {
      const id = ids[index] ?? "";
      state.records[id] = { ...record, id, zoneId, proxied: false, createdOn: now, modifiedOn: now };
    }
  });
  return ids;
}

export type AddedRecord = Pick<DnsRecord, "name" | "type" | "content" | "data" | "priority" | "ttl" | "comment">;

/** Changes a DNS record, or deletes it. */
export const alterRecord = (lab: Lab, id: string, change: Partial<DnsRecord> | "delete"): Promise<void> =>
  withCloud(lab, (state) => alter(state.records, id, change, lab));

/** Changes a security group's rule, or revokes it. */
export const alterRule = (lab: Lab, id: string, change: Partial<SecurityGroupRule> | "delete"): Promise<void> =>
  withCloud(lab, (state) => alter(state.securityGroupRules, id, change, lab));

/** Replaces the tags of anything in EC2 that has tags. */
export const retag = (lab: Lab, id: string, tags: Record<string, string>): Promise<void> =>
  withCloud(lab, (state) => {
    one(taggable(state), id, lab).tags = tags;
  });

const taggable = ({
  securityGroups,
  securityGroupRules,
  addresses,
  volumes,
  instances,
}: CloudState): Record<string, { tags: Record<string, string> }> => ({
  ...securityGroups,
  ...securityGroupRules,
  ...addresses,
  ...volumes,
  ...instances,
});

function alter<T extends object>(all: Record<string, T>, id: string, change: Partial<T> | "delete", lab: Lab): void {
  if (change === "delete") {
    one(all, id, lab);
    delete all[id];
  } else Object.assign(one(all, id, lab), change);
}

function one<T>(all: Record<string, T>, id: string, lab: Lab): T {
  const found = all[id];
  if (found === undefined) throw new Error(`nothing is called ${id} in the lab ${lab.name}`);
  return found;
}
