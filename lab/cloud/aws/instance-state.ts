import { boolean, string, type Context, type ResourceDefinition } from "../protocol/definition";
import type { Properties } from "../protocol/property-value";
import { region, regionOf, seen, text } from "./ec2";
import { instanceOf, startInstance, stopInstance } from "./instance-power";

const STATES = ["running", "stopped"];

/** Brings the machine into the state that the program wants, and waits for it. Nothing happens to one that is in it. */
async function bringInto(id: string, inputs: Properties, context: Context): Promise<void> {
  const region = regionOf(inputs, context);
  const { state } = instanceOf(context.cloud.read(), id, region);
  if (state === inputs.state) return;
  await (inputs.state === "running" ? startInstance(id, region, context) : stopInstance(id, region, context));
}

/** terraform-provider-aws, internal/service/ec2/ec2_instance_state.go. */
export const instanceState: ResourceDefinition = {
  token: "aws:ec2transitgateway/instanceState:InstanceState",
  inputs: {
    force: boolean({ default: false }),
    instanceId: string({ required: true, replaces: true }),
    region,
    state: string({
      required: true,
      check: (value) => (STATES.includes(text(value)) ? undefined : `expected state to be one of ${STATES.join(", ")}, got ${text(value)}`),
    }),
  },
  calls: {
    create: { always: ["ec2:DescribeInstances"] },
    read: { always: ["ec2:DescribeInstances"] },
    update: { always: ["ec2:DescribeInstances"], with: { state: ["ec2:StartInstances", "ec2:StopInstances"] } },
    delete: { always: [] },
  },
  computed: {},

  async create(inputs, context) {
    const id = text(inputs.instanceId);
    await bringInto(id, inputs, context);
    return { id, outputs: inputs };
  },

  async read(id, previous, context) {
    const region = regionOf(previous, context);
    const instance = seen(context.cloud.read().instances, id, region);
    return instance === undefined ? undefined : { ...previous, instanceId: id, region, state: instance.state };
  },

  async update(id, inputs, previous, context) {
    await bringInto(id, inputs, context);
    return { ...previous, ...inputs };
  },

  // Only the management ends; the machine stays as it is.
  delete: () => Promise.resolve(),
};
