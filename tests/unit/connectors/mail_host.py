"""A mail server of the tests' own: speaks SMTP on a real socket, answers as it is told to."""

import socketserver
import ssl
import threading
from contextlib import contextmanager, suppress


class MailHost:
    """What the server says, and what it was given."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, str] = {}
        """By verb, in place of the usual answer; `greeting` stands for the first line, `message`
        for the answer to a message."""
        self.extensions = ["SIZE 100000"]
        self.received: list[tuple[str, str, bytes]] = []
        """Sender, address and message."""
        self.verbs: list[str] = []
        self.context: ssl.SSLContext | None = None
        self.tls_at_once = False


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with suppress(OSError, ValueError):  # the other side has gone
            self._speak(self.server.host)

    def _speak(self, host: MailHost) -> None:
        if host.tls_at_once:
            self._secure(host)
        self._say(host.answers.get("greeting", "220 test"))
        sender = to = ""
        while line := self.rfile.readline():
            verb = line.decode().strip().split(" ")[0].split(":")[0].upper()
            host.verbs.append(verb)
            told = host.answers.get(verb)
            if told is not None:
                self._say(told)
            elif verb == "EHLO":
                self._say("\r\n".join([*(f"250-{one}" for one in host.extensions), "250 HELP"]))
            elif verb == "STARTTLS":
                self._say("220 go on")
                self._secure(host)
            elif verb == "AUTH":
                self._say("235 welcome")
            elif verb == "DATA":
                self._say("354 go on")
                message = self._message()
                answer = host.answers.get("message", "250 taken")
                if answer.startswith("2"):
                    host.received.append((sender, to, message))
                self._say(answer)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                text = line.decode().strip()
                sender = text if verb == "MAIL" else sender
                to = text if verb == "RCPT" else to
                self._say("250 ok")

    def _message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def _secure(self, host: MailHost) -> None:
        self.request = host.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_host():
    """Serve on a free port of this machine until the end."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.host = MailHost(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.host
        finally:
            server.shutdown()
