import type { Lab } from "../lab";
import { HOSTS_VARIABLE } from "./plugin-environment";
import { readSettings, type Settings } from "./settings";
import type { CloudState } from "./state";
import { changeState, readPastState, readState } from "./store";
import { stateOnly, type World } from "./world";

/** The lab's cloud: its books, and the world that follows them. */
export interface Cloud {
  readonly lab: Lab;
  readonly world: World;
  readonly settings: Settings;
  read(): CloudState;
  /**
   * One change under the lock, seen by networks and name servers before it is written: what they refuse has not happened.
   * Slow work (machines, volumes) is the caller's, after this.
   */
  change<T>(change: (state: CloudState) => T): Promise<T>;
  /** The cloud as a call that describes sees it: a little late. What is changed in it is thrown away. */
  asDescribed(): Cloud;
  /** The cloud as the part of it sees it that sees changes latest. What is changed in it is thrown away. */
  asSeenLast(): Cloud;
}

/** Milliseconds after which a change is seen, in a lab whose settings ask for it. In reality seconds, and up to minutes for a reverse name. */
const DESCRIBED_AFTER = 300;
const SEEN_AFTER = 1500;

export function openCloud(lab: Lab, world: World): Cloud {
  const settings = readSettings(lab);
  const cloud: Cloud = {
    lab,
    world,
    settings,
    read: () => readState(lab),
    change: (change) =>
      changeState(
        lab,
        async (state) => {
          // Where there is no world, nothing follows the books, and comparing them would be most of the work.
          if (world === stateOnly) return change(state);
          const before = { network: networkOf(state), names: namesOf(state) };
          const result = change(state);
          if (networkOf(state) !== before.network) await world.network(state);
          if (namesOf(state) !== before.names) await world.names(state);
          return result;
        },
        settings.consistency === "immediate" ? 0 : SEEN_AFTER,
      ),
    asDescribed: () => past(cloud, DESCRIBED_AFTER),
    asSeenLast: () => past(cloud, SEEN_AFTER),
  };
  return cloud;
}

/** The cloud as it was some time ago; no change of it has an effect. */
function past(cloud: Cloud, milliseconds: number): Cloud {
  const read = (): CloudState => readPastState(cloud.lab, milliseconds);
  return { ...cloud, world: stateOnly, read, change: async (change) => change(read()) };
}

/** For the lab's own commands: one change of the cloud behind the program's back. */
export const withCloud = async <T>(lab: Lab, change: (state: CloudState) => T): Promise<T> =>
  openCloud(lab, await worldOf(lab)).change(change);

/** Machines and packets where the lab has hosts (environment), books alone otherwise. Loaded only when wanted: it needs root and much code. */
export async function worldOf(lab: Lab): Promise<World> {
  if (process.env[HOSTS_VARIABLE] !== "1") return stateOnly;
  const module = "../hosts/world.js";
  const { hostsWorld } = (await import(module)) as { hostsWorld(lab: Lab): World };
  return hostsWorld(lab);
}

const networkOf = (state: CloudState): string =>
  JSON.stringify([state.port25, state.addresses, state.securityGroups, state.securityGroupRules, state.instances, state.subnets]);
const namesOf = (state: CloudState): string => JSON.stringify([state.zones, state.records, state.addresses]);
