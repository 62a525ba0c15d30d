import { Resolver } from "node:dns/promises";
import type { Say } from "../../progress";
import { shownServer, type NameServer } from "./name-server";

/** A name server of a zone, and the name that it has in the zone's NS records. */
export interface Authority extends NameServer {
  readonly name: string;
}

/** Finds out who answers for names. What it has found out once it does not ask again. */
export class Authorities {
  private readonly resolver = new Resolver({ timeout: 5000, tries: 3 });
  private readonly known = new Map<string, Promise<readonly Authority[] | undefined>>();

  /** @param resolver whom to ask; default: the system's */
  constructor(
    resolver: NameServer | undefined,
    private readonly say: Say,
  ) {
    if (resolver !== undefined)
      this.resolver.setServers([`${resolver.host.includes(":") ? `[${resolver.host}]` : resolver.host}:${resolver.port}`]);
  }

  /** Every address of every name server of the zone that a name is in. Rejects where there is none. */
  async of(name: string): Promise<readonly Authority[]> {
    const labels = name.split(".");
    for (let index = 0; index < labels.length; index += 1) {
      const found = await this.at(labels.slice(index).join("."));
      if (found !== undefined) return found;
    }
    throw new Error(`no name server of a zone was found that ${name} is in`);
  }

  private at(zone: string): Promise<readonly Authority[] | undefined> {
    const known = this.known.get(zone) ?? this.ask(zone);
    this.known.set(zone, known);
    return known;
  }

  private async ask(zone: string): Promise<readonly Authority[] | undefined> {
    let names: string[];
    try {
      names = await this.resolver.resolveNs(zone);
    } catch (error) {
      // The name is in a zone above, or is none.
      if (["ENODATA", "ENOTFOUND"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw new Error(`the resolver did not say who answers for ${zone}: ${(error as Error).message}`, { cause: error });
    }
    this.say(`${zone} is answered by ${names.join(", ")}`);
    const all = await Promise.all(names.map(async (name) => (await this.addresses(name)).map((host) => ({ name, host, port: 53 }))));
    return all.flat();
  }

  private async addresses(name: string): Promise<string[]> {
    // IPv4 alone: every public zone has to be answered there, and not every machine that runs this has IPv6.
    try {
      return await this.resolver.resolve4(name);
    } catch (error) {
      throw new Error(`the name server ${name} has no address: ${(error as Error).message}`, { cause: error });
    }
  }
}

export const shownAuthority = ({ name, ...server }: Authority): string =>
  name === "" ? shownServer(server) : `${name} (${shownServer(server)})`;
