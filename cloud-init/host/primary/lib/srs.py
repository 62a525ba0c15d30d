"""The secret that tells our SRS addresses from others. It stays on the volume: a rebuilt machine takes bounces of what the one before forwarded."""

import os
import secrets

from bundles import ROOT

SECRET = f"{ROOT}/identity/srs.secret"


def ensure_secret():
    if os.path.exists(SECRET):
        return
    with open(os.open(f"{SECRET}.new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"{secrets.token_urlsafe(24)}\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{SECRET}.new", SECRET)
