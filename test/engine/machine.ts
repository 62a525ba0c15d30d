import type { Properties } from "../../lab/cloud/protocol/property-value";
import { TOKENS, type Simulated } from "./simulated";

export const IMAGE = "/aws/service/debian/release/13/latest/amd64";
export const disk = { availabilityZone: "eu-central-1a", size: 8, type: "gp3" };

/** A machine in a simulated account, with what it needs. */
export async function machine(it: Simulated, inputs: Properties = {}): Promise<{ group: string; id: string; outputs: Properties }> {
  const at: Properties = inputs.region === undefined ? {} : { region: inputs.region };
  const group = await it.create(TOKENS.group, { description: "mail", ...at });
  const { insecureValue } = await it.invoke("aws:ssm/getParameter:getParameter", { name: IMAGE, ...at });
  const made = await it.create(TOKENS.instance, {
    ami: insecureValue ?? null,
    instanceType: "t3.micro",
    ...(inputs.region === undefined ? { availabilityZone: "eu-central-1a" } : {}),
    vpcSecurityGroupIds: [group.id],
    ...inputs,
  });
  return { group: group.id, ...made };
}
