/** A resource of which the name and the parent are known. */
interface Named {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
}

/** The key of the exchanger whose component has this URN: its name without that of the mail system around it. `undefined` if it is no exchanger. */
export function exchangerKey(urn: string, resources: { get(urn: string): Named | undefined }): string | undefined {
  const exchanger = resources.get(urn);
  if (exchanger === undefined || !exchanger.type.endsWith(":MailExchanger")) return undefined;
  const server = resources.get(exchanger.parent);
  const prefix = server?.type.endsWith(":MailServer") === true ? `${server.name}-` : "";
  return exchanger.name.startsWith(prefix) ? exchanger.name.slice(prefix.length) : exchanger.name;
}

/** Whether it is, or is inside of, a component of this package. */
export function isOfMailSystem(urn: string): boolean {
  return (urn.split("::")[2] ?? "").split("$").some((type) => type.startsWith("pulumi-mailserver:"));
}
