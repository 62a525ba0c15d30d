import { existsSync } from "node:fs";
import { readSettings } from "../cloud/settings";
import type { Instance, Volume } from "../cloud/state";
import type { World } from "../cloud/world";
import type { Lab } from "../lab";
import { connectInstance, disconnect, loadRules } from "../network/links";
import { amazonDns } from "../network/rules";
import { loadZones } from "../services/names";
import { createDisk, exists, hostFolder, mountDisk, powerOff, powerOn, removeDisk, standStill, takePower } from "./host";
import { readImages } from "./images-in-use";
import { seedInstance, setResolver } from "./seed";
import { createImage, deleteImage, growImage, losePower, plugIn, releaseLoop, unplug } from "./volume";

/** The world as it is where the lab has hosts. It keeps nothing in memory: each provider plugin, and the lab's command, has one of its own. */
export function hostsWorld(lab: Lab): World {
  return {
    async launch(instance: Instance): Promise<void> {
      if (!exists(lab, instance.id)) {
        createDisk(lab, instance.id, readImages(lab)[readSettings(lab).image]);
        const root = await mountDisk(lab, instance.id);
        seedInstance(root, instance);
        setResolver(root, amazonDns("172.31.0.0/16"));
      }
      await switchOn(lab, instance);
    },
    async terminate(instanceId: string): Promise<void> {
      if (existsSync(hostFolder(lab, instanceId))) await powerOff(lab, instanceId);
      await disconnect(lab, instanceId);
      await removeDisk(lab, instanceId);
    },
    async stop(instanceId: string): Promise<void> {
      await powerOff(lab, instanceId);
      await disconnect(lab, instanceId);
    },
    async start(instance: Instance, volumes: readonly Volume[]): Promise<void> {
      await switchOn(lab, instance);
      for (const volume of volumes) await plugIn(lab, volume.id, instance.id);
    },
    createVolume: (volume) => createImage(lab, volume),
    growVolume: (volume) => growImage(lab, volume),
    deleteVolume: (volumeId) => deleteImage(lab, volumeId),
    attach: (volume, instanceId) => plugIn(lab, volume.id, instanceId),
    detach: (volumeId, instanceId) => unplug(lab, volumeId, instanceId),
    network: (state) => loadRules(lab, state),
    names: (state) => loadZones(lab, state),
  };
}

/** The network first: a host finds its address when it boots. */
async function switchOn(lab: Lab, instance: Instance): Promise<void> {
  await connectInstance(lab, instance.id, instance.privateIp);
  await powerOn(lab, instance.id);
}

/** Pulls the plug: nothing that was not synced survives, and what is sent to the machine from now on is lost. */
export async function pullPlug(lab: Lab, instanceId: string, volumes: readonly Volume[]): Promise<void> {
  // A processor without power answers nobody. Left running while its file system is shut down, it would: an `fsync` that meets the shutdown can return 0.
  await standStill(lab, instanceId);
  for (const volume of volumes) await losePower(lab, volume.id, instanceId);
  await takePower(lab, instanceId);
  await disconnect(lab, instanceId);
  for (const volume of volumes) await releaseLoop(lab, volume.id);
}
