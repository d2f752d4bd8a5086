"""A mail server that keeps what it gets and sends nothing on."""

import socketserver
import threading
from email import message_from_bytes, policy
from typing import cast

from . import messages
from .faults import Fault
from .journal import Cause
from .sandbox import Sandbox

MOST_BYTES = 10 * 1024 * 1024


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on loopback; one thread a connection."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__(("127.0.0.1", port), Conversation)


def start(sandbox: Sandbox, port: int) -> Mailbox:
    """Listen on 127.0.0.1. Raises OSError when the port is busy."""
    mailbox = Mailbox(port, sandbox)
    threading.Thread(target=mailbox.serve_forever, name="smtp", daemon=True).start()
    return mailbox


class Conversation(socketserver.StreamRequestHandler):
    """EHLO, MAIL, RCPT, DATA, QUIT (RFC 5321), nothing more."""

    timeout = 60

    def handle(self) -> None:
        """Talk until QUIT or silence."""
        self.sender, self.recipients = "", list[str]()
        self._say("220 sandbox ESMTP")
        while line := self.rfile.readline(1024):
            text = line.decode(errors="replace").strip()
            if not self._obey(text, text.upper()):
                return

    def _obey(self, text: str, command: str) -> bool:
        if command.startswith(("EHLO", "HELO")):
            self._say("250 sandbox")
        elif command.startswith("MAIL FROM:"):
            self._mail(text[10:].strip())
        elif command.startswith("RCPT TO:"):
            self.recipients.append(text[8:].strip())
            self._say("250 OK")
        elif command == "DATA":
            self._data()
        elif command in ("RSET", "NOOP"):
            self.recipients.clear()
            self._say("250 OK")
        elif command == "QUIT":
            self._say("221 Bye")
            return False
        else:
            self._say("500 Command not recognised")
        return True

    def _fault(self) -> Fault | None:
        return cast(Mailbox, self.server).sandbox.faults.take("smtp", "MAIL", "")

    def _mail(self, sender: str) -> None:
        fault = self._fault()
        if fault is None:
            self.sender = sender
            self._say("250 OK")
        elif fault.kind == "hang":
            cast(Mailbox, self.server).sandbox.stopping.wait(fault.seconds)
        else:
            self._say("451 Try again later" if fault.kind in ("429", "503") else "554 Refused")

    def _data(self) -> None:
        if not self.recipients:
            self._say("503 No recipients")
            return
        self._say("354 End with a dot on a line of its own")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) and line.rstrip(b"\r\n") != b".":
            lines.append(line[1:] if line.startswith(b"..") else line)
            if sum(map(len, lines[-1:])) > MOST_BYTES:
                break
        self._keep(b"".join(lines)[:MOST_BYTES])
        self._say("250 Kept")
        self.recipients.clear()

    def _keep(self, raw: bytes) -> None:
        sandbox = cast(Mailbox, self.server).sandbox
        mail = message_from_bytes(raw, policy=policy.default)
        body = {"from": self.sender, "to": self.recipients, "text": raw.decode(errors="replace")}
        with sandbox.store.transaction():
            id_ = messages.keep(sandbox, "smtp", "mail", str(mail.get("Subject", "")), body)
            sandbox.journal.add("smtp", "mail_accepted", "", Cause("", "client"), message=id_)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
