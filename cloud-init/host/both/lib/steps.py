"""What every step of `apply` shares: how it runs a command, says what it does, and fails."""

import subprocess
import sys


class Failed(Exception):
    """A step that did not work; its text is for a person."""


def say(text):
    """Progress goes to standard error; standard output has only the result. A reader that is gone (SSH cut off) stops nothing."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        pass


def run(*command, stdin=None, allowed=(0,)):
    """Runs a command to its end and returns it. Another exit status than the allowed ones is a failure, shown with the end of its output."""
    done = subprocess.run(command, input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    if done.returncode not in allowed:
        raise Failed(f"{' '.join(command)} ended with status {done.returncode}: {tail(done.stdout + done.stderr)}")
    return done


def tail(text, lines=15):
    return "\n".join(text.strip().splitlines()[-lines:])
