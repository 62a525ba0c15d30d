"""What the volume says of its exchanger, brought to the name that it has today: a renamed exchanger, or one with another host name, stays the same one."""

import os
import socket

from bundles import ROOT
from steps import Failed, run, say

OWNER = f"{ROOT}/identity/exchanger"
CERTIFICATE = f"{ROOT}/identity/tls.pem"


def check_owner(bundle):
    with open(OWNER, encoding="utf-8") as file:
        owner = file.read().strip()
    if owner not in (bundle.exchanger, *bundle.aliases):
        raise Failed(f"the volume is that of exchanger {owner}, and the bundle that of {bundle.exchanger}; was it renamed, add {owner} to its aliases")
    return owner


def rename(bundle):
    """The volume's owner and label, the host's name, and the name in its certificate. The keys stay."""
    if check_owner(bundle) != bundle.exchanger:
        say(f"the exchanger is called {bundle.exchanger} from now on")
        write(OWNER, f"{bundle.exchanger}\n".encode(), 0o644)
        # A mounted file system takes a new label; the machine's own settings name the old one until it is rebuilt, so both are known there.
        run("e2label", run("findmnt", "-n", "-o", "SOURCE", ROOT).stdout.strip(), bundle.label)
    if f"DNS:{bundle.fqdn}" not in run("openssl", "x509", "-in", CERTIFICATE, "-noout", "-ext", "subjectAltName").stdout.replace(",", " ").split():
        say(f"a certificate for {bundle.fqdn}, with the same key")
        certificate = run("openssl", "req", "-x509", "-key", CERTIFICATE, "-days", "36500", "-subj", f"/CN={bundle.fqdn}", "-addext", f"subjectAltName=DNS:{bundle.fqdn}").stdout
        key = run("openssl", "pkey", "-in", CERTIFICATE).stdout
        write(CERTIFICATE, (key + certificate).encode(), 0o600)
    name = bundle.fqdn.split(".")[0]
    if socket.gethostname() != name:
        write("/etc/hostname", f"{name}\n".encode(), 0o644)
        socket.sethostname(name)
    with open("/etc/hosts", "r+", encoding="utf-8") as hosts:
        # cloud-init wrote the first name there; sudo asks for the present one.
        if name not in hosts.read().split():
            hosts.write(f"127.0.1.1 {bundle.fqdn} {name}\n")


def write(path, content, mode):
    new = f"{path}.new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
