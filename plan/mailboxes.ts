import { readAppPasswords } from "./app-passwords";
import type { Property } from "./property";
import { quotaOf, readQuota, type unlimited } from "./quota";
import { passwordHint } from "./system-users";
import type { Mailbox } from "./types";

export type MailboxSettings = Omit<Mailbox, "address">;

/**
 * What is declared of one mailbox; where that is no good, and has been reported, the default, so that its address counts as declared all the same.
 *
 * @param quota of the domain, in MiB
 */
export function readMailboxSettings(property: Property, quota: number | typeof unlimited): MailboxSettings {
  const fields = property.fields(["quota", "plusFolders", "sends", "receives", "closed", "appPasswords"], passwordHint);
  const flag = (field: Property | undefined, initially: boolean, meaning: string): boolean =>
    field === undefined || field.isAbsent ? initially : (field.boolean(meaning) ?? initially);
  return {
    ...(fields === undefined ? {} : quotaOf(readQuota(fields.quota, quota))),
    plusFolders: flag(fields?.plusFolders, false, "whether mail to NAME+FOLDER goes into that folder"),
    sends: flag(fields?.sends, true, "whether it may send"),
    receives: flag(fields?.receives, true, "whether it takes mail"),
    closed: flag(fields?.closed, false, "whether it is closed for now"),
    appPasswords: fields === undefined ? [] : readAppPasswords(fields.appPasswords),
  };
}
