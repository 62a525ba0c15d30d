import type { CloudState } from "../../lab/cloud/state";
import { CloudflareApi, TOKEN } from "./cloudflare-api";
import { type Ended, mailserver } from "./mailserver";

/** Runs the program `mailserver` beside an API that gives what the simulated zones hold now. */
export async function besideCloudflare({ zones, records }: CloudState, args: readonly string[]): Promise<Ended> {
  const api = new CloudflareApi();
  for (const { id, name } of Object.values(zones)) {
    const own = Object.values(records).filter(({ zoneId }) => zoneId === id);
    api.zones.set(name, { id, records: own.map(({ content = "", ...record }) => ({ ...record, content })) });
  }
  const url = await api.start();
  try {
    return await mailserver(args, { env: { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_BASE_URL: url } });
  } finally {
    await api.stop();
  }
}
