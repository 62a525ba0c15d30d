import type { Property } from "./property";
import type { SendingLimits } from "./types";

/**
 * More than a person writes, and few enough that a stolen password does not get the host onto blocklists before somebody notices; and the number of recipients
 * that every server takes in one message (RFC 5321 section 4.5.3.1.8).
 */
export const defaultSendingLimits: SendingLimits = { messagesPerHour: 200, recipientsPerMessage: 100 };

/** More than a host of this kind sends, and Postfix's smtpd_recipient_limit. */
const most = { messagesPerHour: 100_000, recipientsPerMessage: 1000 };

/**
 * How much an account may send.
 *
 * @param otherwise what is not declared here
 */
export function readSendingLimits(property: Property, otherwise: SendingLimits): SendingLimits {
  if (property.isAbsent) return otherwise;
  const fields = property.fields(["messagesPerHour", "recipientsPerMessage"]);
  const limit = (key: keyof SendingLimits): number => {
    const field = fields?.[key];
    if (field === undefined || field.isAbsent) return otherwise[key];
    return field.integer(1, most[key], "a mailbox that is not to send at all has sends: false") ?? otherwise[key];
  };
  return { messagesPerHour: limit("messagesPerHour"), recipientsPerMessage: limit("recipientsPerMessage") };
}
