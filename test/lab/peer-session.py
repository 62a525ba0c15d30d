"""An SMTP session with a client key: ADDRESS PORT KEY-FILE COMMANDS… Prints the answers as a JSON list, the one to EHLO under TLS first; an empty KEY-FILE is no key."""

import json
import smtplib
import ssl
import sys

address, port, key, *commands = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
if key:
    context.load_cert_chain(key)
with smtplib.SMTP(address, int(port), local_hostname="peer.test", timeout=20) as smtp:
    smtp.starttls(context=context)
    answers = [smtp.ehlo(), *(smtp.docmd(command) for command in commands)]
print(json.dumps([f"{code} {text.decode()}" for code, text in answers]))
