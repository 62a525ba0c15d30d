import type { Lab } from "../lab";
import { withCloud } from "./cloud";
import type { Instance } from "./state";

/** What AWS support does to the account: lifts or sets the restriction on outbound port 25. */
export const setPort25 = (lab: Lab, port25: "open" | "closed"): Promise<void> =>
  withCloud(lab, (state) => {
    state.port25 = port25;
  });

/** Records that a machine was switched on or off without the program, so that the cloud's books stay true. */
export const setPower = (lab: Lab, instanceId: string, power: Instance["state"]): Promise<void> =>
  withCloud(lab, (state) => {
    const instance = state.instances[instanceId];
    if (instance === undefined) throw new Error(`no instance ${instanceId} in the lab ${lab.name}`);
    instance.state = power;
  });

/** Lets time pass in the cloud: what AWS allows again only after hours can be tried at once. */
export const letTimePass = (lab: Lab, seconds: number): Promise<void> =>
  withCloud(lab, (state) => {
    state.clockAheadSeconds += seconds;
  });
