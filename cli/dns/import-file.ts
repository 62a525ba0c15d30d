import type { Registered } from "./sources/recorder";

/** A record of the stack and the id of the one that is to become it. */
export interface Adopted {
  readonly resource: Registered;
  /** `ZONE/RECORD`, Cloudflare's ids of both. */
  readonly id: string;
}

/** One resource in Pulumi's import file (pulumi/pulumi, pkg/cmd/pulumi/operations/import.go, importSpec). */
interface ImportSpec {
  readonly type: string;
  /** Name in this file, by which others call it their parent. */
  readonly name: string;
  /** Name in the program, where it is another. */
  readonly logicalName?: string;
  readonly id?: string;
  readonly parent?: string;
  readonly component?: boolean;
}

export interface ImportFile {
  readonly resources: readonly ImportSpec[];
}

/** The import file of records, with the components around them, which a first import makes: an identity is that of the parents too. */
export function importFile(adopted: readonly Adopted[], resources: readonly Registered[]): ImportFile {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const components = new Map<string, ImportSpec>();
  const component = (urn: string): string | undefined => {
    const resource = byUrn.get(urn);
    if (resource === undefined) return undefined;
    const parent = component(resource.parent);
    components.set(urn, { type: resource.type, ...named(resource), component: true, ...(parent === undefined ? {} : { parent }) });
    return named(resource).name;
  };
  const records = adopted.map(({ resource, id }): ImportSpec => {
    const parent = component(resource.parent);
    return { type: resource.type, ...named(resource), id, ...(parent === undefined ? {} : { parent }) };
  });
  return { resources: [...components.values(), ...records] };
}

/** Names in the file are all different, whatever the types; the program's may be the same in two of them. */
function named({ type, name }: Registered): Pick<ImportSpec, "name" | "logicalName"> {
  return { name: `${name} (${type.slice(type.lastIndexOf(":") + 1)})`, logicalName: name };
}
