import type { CloudState, Instance, Volume } from "./state";

/**
 * What the simulated cloud does outside its own state: machines, volumes, packets, names. The cloud calls it after it has accepted a change;
 * every method is idempotent, and rejects with an `Error` that says what went wrong. In a lab without hosts nothing happens (`stateOnly`).
 */
export interface World {
  /** A new machine's first boot, from the image and its user data. Returns when the machine has been switched on, not when it has booted. */
  launch(instance: Instance): Promise<void>;
  /** Power off cleanly and throw the root disk away. Volumes must be detached first, as `detach` does. */
  terminate(instanceId: string): Promise<void>;
  /** Clean shutdown. */
  stop(instanceId: string): Promise<void>;
  start(instance: Instance, volumes: readonly Volume[]): Promise<void>;
  createVolume(volume: Volume): Promise<void>;
  /** Grow to `volume.sizeGiB`; an attached machine sees the new size at once. */
  growVolume(volume: Volume): Promise<void>;
  deleteVolume(volumeId: string): Promise<void>;
  /** The device appears on a running machine under EBS's by-id name. */
  attach(volume: Volume, instanceId: string): Promise<void>;
  detach(volumeId: string, instanceId: string): Promise<void>;
  /** Addresses, security groups and the account's port 25 as the state says. Called with the state's lock held; must be quick. */
  network(state: CloudState): Promise<void>;
  /** Zones, their records and the reverse names of addresses as the state says. Called with the state's lock held; must be quick. */
  names(state: CloudState): Promise<void>;
}

const nothing = async (): Promise<void> => {};

/** A cloud that keeps its books and has no hosts: for previews and engine tests on any machine, without root. */
export const stateOnly: World = {
  launch: nothing,
  terminate: nothing,
  stop: nothing,
  start: nothing,
  createVolume: nothing,
  growVolume: nothing,
  deleteVolume: nothing,
  attach: nothing,
  detach: nothing,
  network: nothing,
  names: nothing,
};
