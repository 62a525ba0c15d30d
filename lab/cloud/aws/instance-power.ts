import type { Context } from "../protocol/definition";
import type { CloudState, Instance } from "../state";
import { existing } from "./ec2";

export const instanceOf = (state: CloudState, id: string, region: string): Instance =>
  existing(state.instances, id, region, "InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);

/** StopInstances, and waiting for `stopped`. */
export async function stopInstance(id: string, region: string, { cloud }: Context): Promise<void> {
  instanceOf(cloud.read(), id, region);
  await cloud.world.stop(id);
  await cloud.change((state) => {
    instanceOf(state, id, region).state = "stopped";
  });
}

/** StartInstances, and waiting for `running`. */
export async function startInstance(id: string, region: string, { cloud }: Context): Promise<void> {
  const state = cloud.read();
  const volumes = Object.values(state.volumes).filter((volume) => volume.attachment?.instanceId === id);
  await cloud.world.start(instanceOf(state, id, region), volumes);
  await cloud.change((changed) => {
    instanceOf(changed, id, region).state = "running";
  });
}
