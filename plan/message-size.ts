import { show, type Property } from "./property";
import { readSize, unitProblem } from "./size";
import type { Exchanger } from "./types";

/** Twice what most large providers take, so that nearly nothing that somebody could send is refused here. */
const usual = 50;

/** Every server takes 64 KiB at least (RFC 5321 section 4.5.3.1.7); nobody beyond this host takes more than a fraction of a gibibyte. */
const least = 1;
const most = 1024;

/** Room that an exchanger keeps free, in largest messages: smtpd(8) asks for as much before it takes any (postconf(5), queue_minfree). */
export const freeMessages = 1.5;

const form = 'write a whole number with its unit, from "1 MiB" to "1 GiB", such as "50 MiB"';

/** The largest message that is taken, in MiB; `undefined` where what is declared is no good. */
export function readMessageSize(property: Property, exchangers: readonly Exchanger[]): number | undefined {
  if (property.isAbsent) return usual;
  const size = property.isText ? readSize(property.string("") ?? "") : undefined;
  if (size === undefined) return property.report(`${property.shown} is not a size; ${form}.`);
  if (Number.isNaN(size.mebibytes)) return property.report(`${property.shown} ${unitProblem(size)}`);
  if (size.mebibytes < least || size.mebibytes > most) return property.report(`${property.shown} cannot be a limit of messages; ${form}.`);
  const tight = exchangers.find(({ volumeSizeGiB }) => size.mebibytes * freeMessages > volumeSizeGiB * 512);
  if (tight !== undefined)
    return property.report(
      `${property.shown} is much for the volume of ${show(tight.key)}, ${tight.volumeSizeGiB} GiB: an exchanger takes no mail while less than one and a half times ` +
        "the limit is free, which would be more than half of it; write less, or give that exchanger a larger volumeSize.",
    );
  return size.mebibytes;
}
