/**
 * Addresses that stand for those that are not known yet while a program runs, since it checks that they are some: of the range that nobody has (RFC 1112
 * section 4, class E).
 */
export const standIn = (index: number): string => `240.0.${Math.floor(index / 256)}.${index % 256}`;

/** Each of them in a text. */
export const STAND_IN = /\b240\.0\.\d{1,3}\.\d{1,3}\b/g;
