import { busy } from "./busy";
import { diskFull } from "./disk-full";
import { dnsReview } from "./dns-review";
import type { Drill } from "./drill";
import { failover } from "./failover";
import { refused } from "./refused";

/** All there are, as the command lists them. */
export const drills: readonly Drill[] = [failover, busy, diskFull, refused, dnsReview];
