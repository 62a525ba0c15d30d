"""Debian packages: those that are missing are installed, with nothing started by it."""

import os
import subprocess
import time

from steps import Failed, run, say, tail

# A package's own start would run it with Debian's configuration.
POLICY = "/usr/sbin/policy-rc.d"
NO_START = "#!/bin/sh\n# Until mailserver has installed its packages.\nexit 101\n"
APT = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::https::Timeout=10", "-o", "Acquire::Retries=0"]


def missing(names):
    if not names:
        return []
    shown = run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *names, allowed=(0, 1)).stdout.splitlines()
    return [name for name in names if f"{name} installed" not in shown]


def install(names, patient, displaced=()):
    """Installs what is missing and returns its names; what it displaces goes, with all that depends on it, and keeps its files in /etc. A first boot is
    patient: until its Elastic IP is associated, a machine may have no way out."""
    wanted = missing(names)
    leaving = sorted(set(displaced) - set(missing(displaced)))
    if not wanted and not leaving:
        forget_policy()
        return []
    # Postfix writes no configuration of its own, ours is whole; Courier asks for a password of its web administration.
    run("debconf-set-selections", stdin="postfix postfix/main_mailer_type select No configuration\n"
        "courier-base courier-base/webadmin-configmode boolean false\n")
    attempt, pause = 1, 2
    while True:
        say(f"installing {' '.join(wanted)} (attempt {attempt})" + (f", removing {' '.join(leaving)}" if leaving else ""))
        # apt-get(8): a name with a hyphen after it is removed.
        problem = attempt_install([*wanted, *(f"{name}-" for name in leaving)])
        if problem is None:
            return wanted
        if not patient and attempt == 5:
            raise Failed(f"cannot install {' '.join(wanted)}: {problem}")
        say(time.strftime(f"no packages yet, trying again in {pause} s; it is %F %T UTC here, and apt says: ") + tail(problem, 1))
        time.sleep(pause)
        attempt, pause = attempt + 1, min(pause * 2, 30)


def download(names):
    """All that an installation will need."""
    wanted = missing(names)
    if wanted:
        say(f"downloading {' '.join(wanted)}")
        problem = attempt_install(["--download-only", *wanted])
        if problem is not None:
            raise Failed(f"cannot download {' '.join(wanted)}: {problem}")


def attempt_install(names):
    """None, or what apt said."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    with open(POLICY, "w", encoding="utf-8") as file:
        file.write(NO_START)
    os.chmod(POLICY, 0o755)
    install = [*APT, "install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", "-o", "Dpkg::Use-Pty=0"]

    def said(*command):
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        return None if done.returncode == 0 else tail(done.stdout)

    try:
        # After a power cut in the middle of an installation apt refuses everything until dpkg has gone on, and then until what is half there is whole: that with
        # no other packages named ("Try 'apt --fix-broken install' with no packages").
        said("dpkg", "--force-confold", "--configure", "-a")
        return said(*APT, "update", "--error-on=any") or said(*install, "--fix-broken") or said(*install, *names)
    finally:
        forget_policy()


def forget_policy():
    """Also one that a power cut left: it would keep Debian's upgrades from restarting services."""
    try:
        with open(POLICY, encoding="utf-8") as file:
            ours = file.read() == NO_START
    except FileNotFoundError:
        return
    if ours:
        os.unlink(POLICY)
