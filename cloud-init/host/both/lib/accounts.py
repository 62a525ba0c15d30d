"""Accounts of the host. Files on the volume carry numbers, so the same account has the same number on every machine that the volume is attached to."""

import grp
import json
import os
import pwd
import shutil

from bundles import ROOT
from steps import Failed, run, say

HOMES = f"{ROOT}/homes"
UIDS = f"{ROOT}/identity/uids.json"
FIRST_UID = 2000


def ensure_system_accounts(accounts):
    """Made before the packages that would make them with any free number."""
    for account in accounts:
        name, number = account["name"], account["id"]
        group = find(grp.getgrnam, name)
        if group is None:
            run("groupadd", "--system", "--gid", str(number), name)
        elif group.gr_gid != number:
            raise Failed(f"the image has a group {name} with id {group.gr_gid}; files on the volume need {number}: take an image without it")
        if "home" not in account:
            continue
        user = find(pwd.getpwnam, name)
        if user is None:
            run("useradd", "--system", "--uid", str(number), "--gid", name, "--home-dir", account["home"], "--no-create-home",
                "--shell", "/usr/sbin/nologin", name)
        elif user.pw_uid != number:
            raise Failed(f"the image has a user {name} with id {user.pw_uid}; files on the volume need {number}: take an image without it")


def find(lookup, name):
    try:
        return lookup(name)
    except KeyError:
        return None


def ensure_system_users(users):
    """System users with their homes on the volume; those no longer declared lose the account and keep the home."""
    known = uids()
    for user in users:
        name, home = user["name"], user["home"]
        if name not in known:
            known[name] = max([FIRST_UID - 1, *known.values()]) + 1
            save(known)
        make_home(name, home, known[name])
        entry = find(pwd.getpwnam, name)
        if entry is None:
            say(f"new system user {name}")
            run("useradd", "--uid", str(known[name]), "--user-group", "--home-dir", home, "--no-create-home", "--shell", "/bin/bash", name)
        elif entry.pw_uid != known[name]:
            raise Failed(f"the image has an account {name} with uid {entry.pw_uid}, the volume knows it with {known[name]}")
        elif entry.pw_dir != home:
            run("usermod", "--home", home, name)
            remove_link(entry.pw_dir, name)
    for name in set(known) - {user["name"] for user in users}:
        entry = find(pwd.getpwnam, name)
        if entry is not None and entry.pw_uid == known[name]:
            say(f"system user {name} is gone; its home stays in {HOMES}/{name}")
            run("userdel", name, allowed=(0, 8))
            remove_link(entry.pw_dir, name)


def make_home(name, home, uid):
    real = f"{HOMES}/{name}"
    if not os.path.isdir(real):
        new = f"{real}.new"
        shutil.rmtree(new, ignore_errors=True)
        os.makedirs(HOMES, exist_ok=True)
        shutil.copytree("/etc/skel", new, symlinks=True)
        for part in ("cur", "new", "tmp"):
            os.makedirs(f"{new}/Maildir/{part}", mode=0o700)
        os.chmod(f"{new}/Maildir", 0o700)
        os.chmod(new, 0o700)
        # The account comes after its home; the number is known already.
        run("chown", "-R", f"{uid}:{uid}", new)
        os.rename(new, real)
    # A link and no mount: services that see /usr read-only (ProtectSystem=full) write through it all the same.
    if os.path.islink(home) and os.readlink(home) == real:
        return
    if os.path.lexists(home):
        raise Failed(f"the home of system user {name}, {home}, exists on this machine and is something else; declare another home")
    os.makedirs(os.path.dirname(home), exist_ok=True)
    os.symlink(real, home)


def remove_link(home, name):
    if os.path.islink(home) and os.readlink(home) == f"{HOMES}/{name}":
        os.unlink(home)


def uids():
    try:
        with open(UIDS, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def save(known):
    with open(f"{UIDS}.new", "w", encoding="utf-8") as file:
        json.dump(known, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{UIDS}.new", UIDS)
