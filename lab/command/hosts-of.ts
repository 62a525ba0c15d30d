import type { Address, CloudState, Instance, Volume } from "../cloud/state";
import { readState } from "../cloud/store";
import type { Lab } from "../lab";

/** The tag by which the product marks what belongs to an exchanger. */
const TAG = "mailserver:exchanger";

/** The lab's own hosts that a command may be run on. */
const OWN = ["outside", "names"];

export const instanceOf = (state: CloudState, exchanger: string): Instance | undefined =>
  Object.values(state.instances).find((instance) => instance.tags[TAG] === exchanger);

export const addressOf = (state: CloudState, exchanger: string): Address | undefined =>
  Object.values(state.addresses).find((address) => address.tags[TAG] === exchanger);

export const volumesOf = (state: CloudState, instance: Instance): Volume[] =>
  Object.values(state.volumes).filter((volume) => volume.attachment?.instanceId === instance.id);

/** The machine behind an exchanger's key; an error that names the ones there are. */
export function exchangerNamed(lab: Lab, name: string): { readonly instance: Instance; readonly volumes: Volume[] } {
  const state = readState(lab);
  const instance = instanceOf(state, name);
  if (instance !== undefined) return { instance, volumes: volumesOf(state, instance) };
  const there = exchangers(state);
  throw new Error(`no exchanger "${name}" in the lab ${lab.name}; there are: ${there.length === 0 ? "none yet" : there.join(", ")}`);
}

/** The key under which a host of this name runs. */
export function hostNamed(lab: Lab, name: string): string {
  if (OWN.includes(name)) return name;
  const state = readState(lab);
  const instance = instanceOf(state, name);
  if (instance !== undefined) return instance.id;
  throw new Error(`no host "${name}" in the lab ${lab.name}; there are: ${[...exchangers(state), ...OWN].join(", ")}`);
}

const exchangers = (state: CloudState): string[] =>
  Object.values(state.instances)
    .flatMap((instance) => instance.tags[TAG] ?? [])
    .sort();
