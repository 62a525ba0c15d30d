import type { Exchanger } from "../plan/types";
import type { PlannedRecord } from "./record";

/**
 * The address has the host's name, the same as in HELO and as leads back to it: large receivers refuse mail otherwise.
 * AWS makes it, in a zone of its own, and chooses the TTL; ours stands for it.
 */
export function ptrRecord(exchanger: Exchanger, ttl: number): PlannedRecord {
  return {
    key: "ptr",
    name: "",
    ttl,
    rdata: { type: "PTR", address: { kind: "address", exchanger: exchanger.key }, target: exchanger.fqdn },
    reason: "The address leads back to the name that the host says",
  };
}
