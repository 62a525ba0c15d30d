import { until } from "../lab/until";
import type { LabUnderTest } from "../test/lab/lab-under-test";
import { OUTSIDE_FQDN } from "../lab/services/zone-file";
import { messagesIn } from "./host-files";
import { sendFromInternet } from "./load";

const HOST = "outside";
const user = (index: number): string => `stock${index + 1}`;

/** The lab's outside world as a mail host that a person sets up in a minute: Debian's Postfix with Debian's settings, which delivers into Maildirs. */
export class StockHost {
  private constructor(
    private readonly it: LabUnderTest,
    private readonly users: readonly string[],
  ) {}

  static async on(it: LabUnderTest, people: number): Promise<StockHost> {
    const users = Array.from({ length: people }, (_, index) => user(index));
    await it.sh(HOST, users.map((name) => `id ${name} >/dev/null 2>&1 || useradd --create-home ${name}`).join("\n"));
    await it.sh(HOST, "postconf -e home_mailbox=Maildir/; postfix reload");
    return new StockHost(it, users);
  }

  /** Where its mail goes from now on: into Maildirs by local(8), or by LMTP into smtp-sink(1), which reads it and forgets it. */
  async into(place: "maildir" | "sink"): Promise<void> {
    if (place === "maildir") return void (await this.it.sh(HOST, "postconf -X mailbox_transport; postfix reload"));
    await this.it.sh(
      HOST,
      `pgrep -x smtp-sink >/dev/null || setsid smtp-sink -L -u postfix unix:/var/spool/postfix/private/sink 100 >/dev/null 2>&1 &
      until [ -S /var/spool/postfix/private/sink ]; do sleep 0.05; done
      postconf -e mailbox_transport=lmtp:unix:private/sink; postfix reload`,
    );
  }

  /** Sends each person so many mails, and returns when the queue is empty. */
  async take(each: number): Promise<void> {
    await Promise.all(this.users.map((name) => sendFromInternet(this.it, this.it.lab.addresses.outside, `${name}@${OUTSIDE_FQDN}`, each)));
    await until(
      "an empty queue of stock Postfix",
      300,
      async () => (["incoming", "active", "deferred"] as const).every((queue) => messagesIn(this.it, HOST, queue) === 0),
      20,
    );
  }
}
