"""Bundles on the volume: `bundles/SHA-256/`, and the link `active` to the one that the host lives by."""

import functools
import importlib.util
import json
import os
import shutil

ROOT = "/srv/mailserver"
ACTIVE = f"{ROOT}/active"
PREVIOUS = f"{ROOT}/previous"


class Bundle:
    def __init__(self, path):
        self.path = os.path.realpath(path)
        self.sha256 = os.path.basename(self.path)
        with open(f"{self.path}/bundle.json", encoding="utf-8") as file:
            meta = json.load(file)
        self.role = meta["role"]
        self.exchanger = meta["exchanger"]
        self.accounts = meta["accounts"]
        # The bundle that waits for accounts knows nothing of these.
        self.aliases = meta.get("aliases", [])
        self.label = meta.get("label")
        self.fqdn = meta.get("fqdn")
        self.volume_size_gib = meta.get("volumeSizeGiB", 0)
        self.domains = meta.get("domains", [])
        self.catch_all = meta.get("catchAll", [])
        self.mailbox_server = meta.get("mailboxServer", "dovecot")
        self.packages = meta["packages"]
        self.displaced = meta.get("displaced", [])
        self.services = meta["services"]
        self.ports = meta["ports"]
        self.system_accounts = meta["systemAccounts"]
        self.system_users = meta["systemUsers"]
        self.files = meta["files"]

    def read(self, path):
        try:
            with open(f"{self.path}/{path}", "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    @functools.cached_property
    def store(self):
        """What the programs have to know of the mailbox server; each bundle of a primary brings it. A first bundle, which serves nobody, comes without it."""
        spec = importlib.util.spec_from_file_location(f"store_{self.sha256}", f"{self.path}/lib/store.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def paths(self, prefix=""):
        return [file["path"] for file in self.files if file["path"].startswith(prefix)]

    def differences(self, other):
        """Paths whose content is not the same in both."""
        return {path for path in {*self.paths(), *other.paths()} if self.read(path) != other.read(path)}


def linked(link):
    """The bundle that a link points to, or None."""
    return Bundle(link) if os.path.isfile(f"{link}/bundle.json") else None


def point(link, bundle):
    """Switches a link in one step; a power cut leaves the old or the new one."""
    new = f"{link}.new"
    if os.path.lexists(new):
        os.unlink(new)
    os.symlink(f"bundles/{bundle.sha256}", new)
    os.replace(new, link)


def keep():
    """What links point to now survives a power cut."""
    directory = os.open(ROOT, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def forget_others(*kept):
    for name in os.listdir(f"{ROOT}/bundles"):
        if name not in {bundle.sha256 for bundle in kept if bundle}:
            shutil.rmtree(f"{ROOT}/bundles/{name}")
