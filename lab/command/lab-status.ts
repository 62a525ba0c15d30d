import type { MailPlan } from "../../plan/types";
import type { CloudState } from "../cloud/state";
import { addressOf, instanceOf } from "./hosts-of";

export interface HostStatus {
  readonly kind: "exchanger" | "outside";
  readonly role?: string;
  readonly preference?: number;
  readonly fqdn: string;
  readonly ipv4: string;
  readonly power: "on" | "off";
  /** What port 25 says; only where somebody looked at the host. */
  readonly smtp?: Smtp;
  /** Messages in its mail queue; only where somebody looked. */
  readonly queued?: number;
}

/** `serving`: it greets; `busy`: all its processes are taken; `closed`: nobody listens. */
export type Smtp = "serving" | "busy" | "closed";

/** What `lab status --json` prints; scripts and tests rely on its shape. */
export interface LabStatus {
  readonly stack: string;
  readonly hosts: { readonly [name: string]: HostStatus };
  readonly domains: readonly string[];
  readonly mailboxes: { readonly [address: string]: MailboxStatus };
}

export interface MailboxStatus {
  readonly password?: string;
  /** In the inbox; only where somebody looked at the primary. */
  readonly messages?: number;
}

export interface Known {
  readonly stack: string;
  /** Undefined before the first `up`. */
  readonly plan: MailPlan | undefined;
  readonly state: CloudState;
  readonly outside: { readonly fqdn: string; readonly ipv4: string };
  /** By instance id or name of a lab's own host. */
  isOn(host: string): boolean;
  /** Undefined where they are not to be shown. */
  readonly passwords: { readonly [address: string]: string } | undefined;
}

/** The plan says what there should be, the cloud's books what there is. */
export function labStatus({ stack, plan, state, outside, isOn, passwords }: Known): LabStatus {
  const exchangers = (plan?.exchangers ?? []).map(({ key, role, preference, fqdn }): [string, HostStatus] => {
    const instance = instanceOf(state, key);
    return [
      key,
      {
        kind: "exchanger",
        role,
        preference,
        fqdn,
        ipv4: addressOf(state, key)?.publicIp ?? "",
        power: instance !== undefined && isOn(instance.id) ? "on" : "off",
      },
    ];
  });
  const addresses = [...(plan?.domains ?? []).flatMap(({ mailboxes }) => mailboxes), ...(plan?.systemUsers ?? [])].map(
    ({ address }) => address,
  );
  return {
    stack,
    hosts: Object.fromEntries([...exchangers, ["outside", { kind: "outside", ...outside, power: isOn("outside") ? "on" : "off" }]]),
    domains: (plan?.domains ?? []).map((domain) => domain.name),
    mailboxes: Object.fromEntries(
      addresses.map((address) => {
        const password = passwords?.[address];
        return [address, password === undefined ? {} : { password }];
      }),
    ),
  };
}
