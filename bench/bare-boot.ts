import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createDisk, mountDisk, powerOff, powerOn, removeDisk } from "../lab/hosts/host";
import { readImages } from "../lab/hosts/images-in-use";
import { seedInstance } from "../lab/hosts/seed";
import type { Lab } from "../lab/lab";
import { connectInstance, disconnect } from "../lab/network/links";
import { until } from "../lab/until";
import type { Instance } from "../lab/cloud/state";

/** Seconds from power-on to the end of cloud-init of a machine with the same image and no user data, at its second boot as the exchanger's is. */
export async function bareBoot(lab: Lab): Promise<number> {
  const host = "i-bare";
  const instance = { id: host, privateIp: "172.31.15.250" } as Instance;
  createDisk(lab, host, readImages(lab).packages);
  try {
    const root = await mountDisk(lab, host);
    seedInstance(root, { ...instance, userDataBase64: Buffer.from("#cloud-config\n{}\n").toString("base64") });
    await connectInstance(lab, host, instance.privateIp);
    const boot = async (): Promise<number> => {
      const start = Date.now();
      await powerOn(lab, host);
      await until("cloud-init to finish", 60, async () => finished(root, start), 20);
      return (Date.now() - start) / 1000;
    };
    await boot();
    await powerOff(lab, host);
    return await boot();
  } finally {
    await powerOff(lab, host);
    await disconnect(lab, host);
    await removeDisk(lab, host);
  }
}

function finished(root: string, since: number): boolean {
  const instances = join(root, "var/lib/cloud/instances");
  if (!existsSync(instances)) return false;
  return readdirSync(instances).some((name) => {
    const file = join(instances, name, "boot-finished");
    return existsSync(file) && statSync(file).mtimeMs >= since;
  });
}
