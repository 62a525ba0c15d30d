import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudState } from "../cloud/state";
import { createDisk, exists, initOf, inside, mountDisk, powerOn } from "../hosts/host";
import type { Layers } from "../hosts/image";
import { shell } from "../hosts/shell";
import type { Lab } from "../lab";
import { machineResolvers } from "../network/machine";
import { prepareOwnHost } from "./own-host";
import { signingKey } from "./signing-key";
import { NEGATIVE_TTL, REVERSE_ZONES, TOP, zoneFiles } from "./zone-file";

/** The lab's DNS on one host: Knot, authoritative and signing, and Unbound, the resolver of everybody, which validates. */
const HOST = "names";
const ZONES = "var/lib/knot/zones";

/** Starts the name servers where they do not run, with the zones of the state. Returns when they run. */
export async function startNames(lab: Lab, layers: Layers, state: CloudState): Promise<void> {
  if (!exists(lab, HOST)) createDisk(lab, HOST, layers);
  const root = await mountDisk(lab, HOST);
  prepareOwnHost(root, { hostname: `ns.nic.${TOP}`, resolver: lab.addresses.resolver, services: ["knot", "unbound"] });
  const key = signingKey(lab);
  const isConfigured = replaceFile(join(root, "etc/knot/knot.conf"), knotConf(lab));
  writeFileSync(join(root, "etc/unbound/unbound.conf"), unboundConf(lab, key.dnskey));
  await shell(`
    install -d -o "$(stat -c %u ${root}/var/lib/knot)" -g "$(stat -c %g ${root}/var/lib/knot)" ${root}/${ZONES}
    [ -e ${root}/etc/knot/zones.conf ] || : > ${root}/etc/knot/zones.conf`);
  await powerOn(lab, HOST);
  await shell(
    `${inside(lab, HOST).join(" ")} sh -c 'until knotc status >/dev/null 2>&1 && systemctl -q is-active unbound; do sleep 0.05; done'`,
  );
  if (isConfigured) await shell(`${inside(lab, HOST).join(" ")} knotc -b reload >/dev/null`);
  await loadZones(lab, state);
}

/**
 * Zones, records and reverse names as the state says, at once: what has changed is written and loaded, and Knot signs it. The resolver remembers old
 * answers for their TTL, as resolvers do. While the name server is down there is nobody to tell; its start loads the state.
 */
export async function loadZones(lab: Lab, state: CloudState): Promise<void> {
  if (initOf(lab, HOST) === undefined) return;
  const root = join(lab.dir, "hosts", HOST, "root");
  const key = signingKey(lab);
  const files = [...zoneFiles(lab, state, (zone) => key.ds(zone))];
  const changed = files.filter(([zone, text]) => replaceFile(join(root, ZONES, `${zone}.zone`), text)).map(([zone]) => zone);
  const conf = files.map(([zone]) => `zone:\n  - domain: ${zone}\n`).join("");
  const before = readFileSync(join(root, "etc/knot/zones.conf"), "utf8");
  const added = files.map(([zone]) => zone).filter((zone) => !before.includes(`domain: ${zone}\n`));
  const run = inside(lab, HOST).join(" ");
  if (conf !== before) {
    const imports = added.map(
      (zone) => `runuser -u knot -- keymgr ${zone} import-pem /run/lab-key.pem ksk=yes zsk=yes algorithm=13 >/dev/null`,
    );
    await shell(
      `${run} sh -euc 'umask 077; cat > /run/lab-key.pem; chown knot /run/lab-key.pem; ${imports.join("; ")}; rm /run/lab-key.pem'`,
      key.pem,
    );
    replaceFile(join(root, "etc/knot/zones.conf"), conf);
    await shell(`${run} knotc reload >/dev/null`);
  }
  const known = changed.filter((zone) => !added.includes(zone));
  if (known.length > 0) await shell(`${run} knotc -b zone-reload ${known.join(" ")} >/dev/null`);
}

/** Whether the file had another content. */
function replaceFile(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return true;
}

function knotConf(lab: Lab): string {
  return `server:
    user: knot:knot
    listen: ${lab.addresses.nameserver}@53
    rundir: /run/knot
log:
  - target: syslog
    any: warning
database:
    storage: /var/lib/knot
# A zone as a whole is its owner's to read, as at Cloudflare by the API's token, and nobody else's; the owner works on the operator's host.
acl:
  - id: owner
    address: ${lab.addresses.operator}
    action: transfer
policy:
  - id: lab
    manual: on
    single-type-signing: on
    algorithm: ecdsap256sha256
template:
  - id: default
    storage: /var/lib/knot/zones
    file: "%s.zone"
    dnssec-signing: on
    dnssec-policy: lab
    acl: owner
    # Knot counts the serial number; the file stays as the lab wrote it.
    zonefile-load: difference-no-serial
    zonefile-sync: -1
    journal-content: all
include: /etc/knot/zones.conf
`;
}

function unboundConf(lab: Lab, dnskey: string): string {
  const signed = [TOP, ...REVERSE_ZONES];
  const forward = machineResolvers().map((address) => `    forward-addr: ${address}\n`);
  return `server:
    username: unbound
    directory: /etc/unbound
    chroot: ""
    use-syslog: yes
    interface: ${lab.addresses.resolver}
    interface: 127.0.0.1
    access-control: 0.0.0.0/0 allow
    do-ip6: no
    module-config: "validator iterator"
    # The lab's zones are the only ones that are validated: the machine's own resolver may not hand signatures on.
${signed.map((zone) => `    trust-anchor: "${zone}. DNSKEY ${dnskey}"\n    local-zone: "${zone}." nodefault\n`).join("")}\
    cache-max-negative-ttl: ${NEGATIVE_TTL}
    infra-host-ttl: 5
${signed.map((zone) => `stub-zone:\n    name: "${zone}."\n    stub-addr: ${lab.addresses.nameserver}\n`).join("")}\
${forward.length === 0 ? "" : `forward-zone:\n    name: "."\n${forward.join("")}`}`;
}
