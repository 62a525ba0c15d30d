"""Proves that a port answers as it should, and that recipients are told apart."""

import smtplib
import socket
import ssl
import time
import uuid

from steps import Failed

# Proofs come from here, where postscreen does not make them wait.
LOOPBACK = ("127.0.0.1", 0)


def prove(bundle, address, seconds):
    """Every port of the bundle's role on this address. A service that has just been started gets some seconds."""
    deadline = time.monotonic() + seconds
    for port, kind in bundle.ports:
        while True:
            try:
                PROOFS[kind](address, port)
                break
            except (OSError, smtplib.SMTPException, Failed) as error:
                if time.monotonic() > deadline:
                    raise Failed(f"port {port} ({kind}) on {address} does not answer as it should: {error}") from error
                time.sleep(0.2)


def prove_recipients(bundle):
    """postmaster of each domain is taken, and somebody unknown refused for good, where no catch-all takes that mail too."""
    try:
        for domain in bundle.domains:
            expect(answer_to(f"postmaster@{domain}"), 250, f"RCPT TO:<postmaster@{domain}>")
            unknown = f"nobody-{uuid.uuid4().hex}@{domain}"
            expect(answer_to(unknown), 250 if domain in bundle.catch_all else 550, f"RCPT TO:<{unknown}>")
    except (OSError, smtplib.SMTPException) as error:
        raise Failed(f"SMTP on 127.0.0.1: {error}") from error


def answer_to(recipient):
    """In a session of its own: a busy Postfix ends one at its first error (stress=yes, smtpd_hard_error_limit)."""
    smtp = smtplib.SMTP("127.0.0.1", 25, timeout=20)
    try:
        smtp.ehlo("localhost.localdomain")
        smtp.mail("")
        return smtp.rcpt(recipient)
    finally:
        smtp.close()


def expect(reply, code, what):
    if reply[0] != code:
        raise Failed(f"{what} got {reply[0]} {reply[1].decode(errors='replace')}, not {code}")


def trusting():
    """Whether the handshake works is asked here, not who signed the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def smtp_starttls(address, port):
    with smtplib.SMTP(address, port, timeout=15, source_address=LOOPBACK) as smtp:
        smtp.starttls(context=trusting())
        expect(smtp.ehlo(), 250, "EHLO under TLS")


def smtps(address, port):
    with smtplib.SMTP_SSL(address, port, timeout=15, source_address=LOOPBACK, context=trusting()) as smtp:
        expect(smtp.ehlo(), 250, "EHLO")


def peer(address, port):
    with smtplib.SMTP(timeout=15, source_address=LOOPBACK) as smtp:
        expect(smtp.connect(address, port), 220, "greeting")


def greeting(address, port, expected, starttls=None, tls=False):
    with socket.create_connection((address, port), timeout=15, source_address=LOOPBACK) as plain:
        connection = trusting().wrap_socket(plain) if tls else plain
        line = connection.recv(512)
        if not line.startswith(expected):
            raise Failed(f"it says {line[:80]!r}")
        if starttls is not None:
            command, ok = starttls
            connection.sendall(command)
            line = connection.recv(512)
            if not line.startswith(ok):
                raise Failed(f"it answers {line[:80]!r} to {command!r}")
            trusting().wrap_socket(connection).close()


def managesieve(address, port):
    """RFC 5804 section 1.2: each answer ends with a line that begins with OK, NO or BYE."""
    with socket.create_connection((address, port), timeout=15, source_address=LOOPBACK) as plain:
        with plain.makefile("rb") as lines:
            for command in (None, b"STARTTLS\r\n"):
                if command:
                    plain.sendall(command)
                answer = next((line for line in lines if line[:2] in (b"OK", b"NO", b"BY")), b"")
                if not answer.startswith(b"OK"):
                    raise Failed(f"it answers {answer[:80]!r} to {command!r}")
        trusting().wrap_socket(plain).close()


PROOFS = {
    "smtp": smtp_starttls,
    "submission": smtp_starttls,
    "submissions": smtps,
    "peer": peer,
    "imap": lambda address, port: greeting(address, port, b"* OK", (b"a STARTTLS\r\n", b"a OK")),
    "imaps": lambda address, port: greeting(address, port, b"* OK", tls=True),
    "pop3": lambda address, port: greeting(address, port, b"+OK", (b"STLS\r\n", b"+OK")),
    "pop3s": lambda address, port: greeting(address, port, b"+OK", tls=True),
    "managesieve": managesieve,
}
