import type { Cloud } from "../cloud";
import type { CloudState, Instance, Volume } from "../state";
import { existing, seen } from "./ec2";
import { disassociate } from "./eip";
import { acceptVcpus } from "./instance-launch";

/** The part of an operation's context that matters here; the lab's own commands have it too. */
interface Account {
  readonly cloud: Cloud;
}

export const instanceOf = (state: CloudState, id: string, region: string): Instance =>
  existing(state.instances, id, region, "InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);

const attachedTo = (state: CloudState, instanceId: string): Volume[] =>
  Object.values(state.volumes).filter((volume) => volume.attachment?.instanceId === instanceId);

/** StopInstances, and waiting for `stopped`. */
export async function stopInstance(id: string, region: string, { cloud }: Account): Promise<void> {
  instanceOf(cloud.read(), id, region);
  await cloud.world.stop(id);
  await cloud.change((state) => {
    instanceOf(state, id, region).state = "stopped";
  });
}

/** StartInstances, and waiting for `running`. */
export async function startInstance(id: string, region: string, { cloud }: Account): Promise<void> {
  const state = cloud.read();
  acceptVcpus(state, region, instanceOf(state, id, region).instanceType, id);
  await cloud.world.start(instanceOf(state, id, region), attachedTo(state, id));
  await cloud.change((changed) => {
    instanceOf(changed, id, region).state = "running";
  });
}

/** TerminateInstances: the system shuts down, then its addresses and volumes are free again. One that is gone already is no problem. */
export async function terminateInstance(id: string, region: string, account: Account): Promise<void> {
  const { cloud } = account;
  const state = cloud.read();
  const found = seen(state.instances, id, region);
  if (found === undefined) return;
  const volumes = attachedTo(state, id);
  if (volumes.length > 0) {
    if (found.state === "running") await stopInstance(id, region, account);
    for (const volume of volumes) await cloud.world.detach(volume.id, id);
  }
  await cloud.world.terminate(id);
  await cloud.change((changed) => {
    for (const address of Object.values(changed.addresses)) if (address.instanceId === id) disassociate(address);
    for (const volume of attachedTo(changed, id)) delete volume.attachment;
    delete changed.instances[id];
  });
}
