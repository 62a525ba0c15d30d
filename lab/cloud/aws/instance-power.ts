import type { Context } from "../protocol/definition";
import type { CloudState, Instance } from "../state";
import { existing } from "./ec2";

export const instanceOf = (state: CloudState, id: string): Instance =>
  existing(state.instances, id, "InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);

/** StopInstances, and waiting for `stopped`. */
export async function stopInstance(id: string, { cloud }: Context): Promise<void> {
  await cloud.world.stop(id);
  await cloud.change((state) => {
    instanceOf(state, id).state = "stopped";
  });
}

/** StartInstances, and waiting for `running`. */
export async function startInstance(id: string, { cloud }: Context): Promise<void> {
  const state = cloud.read();
  const volumes = Object.values(state.volumes).filter((volume) => volume.attachment?.instanceId === id);
  await cloud.world.start(instanceOf(state, id), volumes);
  await cloud.change((changed) => {
    instanceOf(changed, id).state = "running";
  });
}
