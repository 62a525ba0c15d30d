import { readAppPasswords } from "./app-passwords";
import type { Property } from "./property";
import { quotaOf, readQuota, type unlimited } from "./quota";
import { passwordHint } from "./system-users";
import { readSendingLimits } from "./sending-limits";
import type { Mailbox, SendingLimits } from "./types";

export type MailboxSettings = Omit<Mailbox, "address" | "sendsAs">;

/** What holds for a mailbox where nothing is said of it. */
export interface MailboxDefaults {
  /** In MiB. */
  readonly quota: number | typeof unlimited;
  readonly sendingLimits: SendingLimits;
}

/**
 * What is declared of one mailbox; where that is no good, and has been reported, the default, so that its address counts as declared all the same. Whom it
 * sends as is not read yet: those may be addresses of any domain.
 */
export function readMailboxSettings(
  property: Property,
  defaults: MailboxDefaults,
): { readonly settings: MailboxSettings; readonly sendsAs?: Property } {
  const fields = property.fields(
    ["quota", "plusFolders", "sends", "sendsAs", "sendingLimits", "receives", "closed", "appPasswords"],
    passwordHint,
  );
  const flag = (field: Property | undefined, initially: boolean, meaning: string): boolean =>
    field === undefined || field.isAbsent ? initially : (field.boolean(meaning) ?? initially);
  const settings = {
    ...(fields === undefined ? {} : quotaOf(readQuota(fields.quota, defaults.quota))),
    sendingLimits: fields === undefined ? defaults.sendingLimits : readSendingLimits(fields.sendingLimits, defaults.sendingLimits),
    plusFolders: flag(fields?.plusFolders, false, "whether mail to NAME+FOLDER goes into that folder"),
    sends: flag(fields?.sends, true, "whether it may send"),
    receives: flag(fields?.receives, true, "whether it takes mail"),
    closed: flag(fields?.closed, false, "whether it is closed for now"),
    appPasswords: fields === undefined ? [] : readAppPasswords(fields.appPasswords),
  };
  if (fields === undefined || fields.sendsAs.isAbsent) return { settings };
  if (!settings.sends) fields.sendsAs.report('It has "sends: false", so it sends as nobody; take one of the two out.');
  return { settings, sendsAs: fields.sendsAs };
}
