import * as pulumi from "@pulumi/pulumi";

/** A host through which the hosts are reached by SSH. */
export interface BastionArgs {
  /** Name or address. */
  host: pulumi.Input<string>;
  /** Account on it. Default: `root`. */
  user?: pulumi.Input<string>;
  /** Default: 22. */
  port?: pulumi.Input<number>;
  /** Private key for it. Default: the SSH agent's keys. */
  privateKey?: pulumi.Input<string>;
}
