/** Name of one of many domains; each is a zone of its own. */
export const domainName = (index: number): string => `domain${index}.test`;
