"""A list of operator's keys is taken only from somebody who can log in with one of them: a new key is proved before the old one goes."""

import os

from steps import Failed


def check_login(bundle):
    # sshd's ExposeAuthInfo: a file with `publickey TYPE KEY`. Without it (on the console, as root) nobody is locked out.
    path = os.environ.get("SSH_USER_AUTH", "")
    if not os.path.isfile(path):
        return
    with open(path, encoding="utf-8") as file:
        used = [tuple(words[1:3]) for words in map(str.split, file) if words[:1] == ["publickey"]]
    listed = bundle.read("etc/ssh/mailops_keys").decode()
    if used and not any(f"{kind} {key}" in listed for kind, key in used):
        raise Failed("this session logged in with a key that is not among the new operator.publicKeys; add the new key beside the old one, run "
                     "`pulumi up`, change operatorPrivateKey to the new one, and take the old one out after that")
