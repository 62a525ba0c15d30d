"""Looks at a staged bundle before anything is switched to it."""

from steps import Failed, run, say


def check(bundle):
    postfix = f"{bundle.path}/etc/postfix"
    done = run("postconf", "-c", postfix)
    refuse("postconf", done.stderr)
    done = run("postconf", "-c", postfix, "-M")
    refuse("postconf -M", done.stderr)
    for path in bundle.paths("etc/postfix/"):
        if not path.endswith((".cf",)):
            suffix = path.rpartition(".")[2]
            kind = suffix if suffix in ("cidr", "regexp") else "texthash"
            refuse(f"postmap {path}", run("postmap", "-c", postfix, "-q", "nobody@nowhere.invalid", f"{kind}:{bundle.path}/{path}", allowed=(0, 1)).stderr)
    recipients(bundle)
    # Its exit status is about the configuration; its warnings are about the queue too (a damaged message after a power cut), and are no reason to refuse.
    for warning in run("postfix", "-c", postfix, "check").stderr.splitlines():
        say(warning)
    if bundle.role == "primary":
        bundle.store.check(bundle)


def recipients(bundle):
    """Whoever asks for it must be able to reach each domain's postmaster. A map that lacks it lacks others, and would refuse them as soon as it is read."""
    maps = [path for path in bundle.paths("etc/postfix/") if path.rsplit("/", 1)[1] in ("mailboxes", "aliases", "relay_recipients")]
    for domain in bundle.domains:
        address = f"postmaster@{domain}"
        if not any(run("postmap", "-c", f"{bundle.path}/etc/postfix", "-q", address, f"texthash:{bundle.path}/{path}", allowed=(0, 1)).returncode == 0 for path in maps):
            raise Failed(f"{address} is in none of {', '.join(maps)}")


def refuse(command, warnings):
    if warnings.strip():
        raise Failed(f"{command}: {warnings.strip()}")
