"""Tries wrong passwords at one service of a host from one address, for one user after the other: HOST FROM PORT TRIES USER... For each try a line: `refused` by the service, or `gone` where
nobody answers any more. As an attacker would: several tries in a session where the service lets it, a new session where it ends one."""

import base64
import imaplib
import poplib
import smtplib
import socket
import ssl
import sys

HOST, FROM, PORT, TRIES, USERS = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:]
TLS = ssl._create_unverified_context()
TIMEOUT = 60


def plain(user):
    return base64.b64encode(f"\0{user}\0wrong password".encode()).decode()


class From:
    """Clients of the standard library that come from the address."""

    def _create_socket(self, timeout):
        sock = socket.create_connection((self.host, self.port), timeout, (FROM, 0))
        return TLS.wrap_socket(sock) if self.port in (993, 995) else sock


class Imap(From, imaplib.IMAP4):
    pass


class Pop3(From, poplib.POP3):
    pass


def imap(port):
    client = Imap(HOST, port, timeout=TIMEOUT)
    if port == 143:
        client.starttls(TLS)

    def attempt(user):
        try:
            client.login(user, "wrong password")
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return "refused"

    return attempt


def pop3(port):
    client = Pop3(HOST, port, timeout=TIMEOUT)
    if port == 110:
        client.stls(TLS)

    def attempt(user):
        client.user(user)
        try:
            client.pass_("wrong password")
        except poplib.error_proto as error:
            if str(error).startswith("b'-ERR"):
                return "refused"
            raise

    return attempt


def smtp(port):
    if port == 465:
        client = smtplib.SMTP_SSL(HOST, port, timeout=TIMEOUT, source_address=(FROM, 0), context=TLS)
    else:
        client = smtplib.SMTP(HOST, port, timeout=TIMEOUT, source_address=(FROM, 0))
        client.starttls(context=TLS)
    client.ehlo()

    def attempt(user):
        code, text = client.docmd("AUTH PLAIN " + plain(user))
        if code == 535:
            return "refused"
        raise OSError(f"{code} {text}")

    return attempt


def sieve(port):
    tcp = socket.create_connection((HOST, port), TIMEOUT, (FROM, 0))
    answer(tcp)
    tcp.sendall(b"STARTTLS\r\n")
    answer(tcp)
    client = TLS.wrap_socket(tcp)
    answer(client)

    def attempt(user):
        client.sendall(f'AUTHENTICATE "PLAIN" "{plain(user)}"\r\n'.encode())
        if answer(client).startswith(b"NO"):
            return "refused"

    return attempt


def answer(sock):
    data = sock.recv(4096)
    if not data:
        raise OSError("closed")
    return data


SERVICES = {143: imap, 993: imap, 110: pop3, 995: pop3, 465: smtp, 587: smtp, 4190: sieve}

attempt, tried = None, 0
while tried < TRIES:
    fresh = attempt is None
    try:
        attempt = attempt or SERVICES[PORT](PORT)
        print(attempt(USERS[tried % len(USERS)]), flush=True)
        tried += 1
    except (OSError, EOFError, imaplib.IMAP4.abort, poplib.error_proto, smtplib.SMTPException) as error:
        # A session that has had its tries is ended; a new one tells whether the address is shut out.
        attempt = None
        if fresh:
            print(f"gone {error}", flush=True)
            break
