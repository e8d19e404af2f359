# SPDX-License-Identifier: Apache-2.0
"""A webhook, a mail server and collectors of syslog, each on a free port of this machine."""
import base64
import contextlib
import http.server
import queue
import socket
import socketserver
import ssl
import subprocess
import threading


class Certificate:
    """A self-made one for 127.0.0.1, which vouches for itself."""

    def __init__(self, folder, name="server", host="IP:127.0.0.1"):
        self.file, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={host}",
                        "-keyout", self.key, "-out", self.file], check=True, capture_output=True)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.file, self.key)


class Receiver(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, certificate, handler, port=0):
        self.certificate, self.got = certificate, queue.Queue()
        super().__init__(("127.0.0.1", port), handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass   # who sends hung up

    def shutdown_request(self, request):
        request.close()   # one that got TLS meanwhile is closed by whoever gave it that

    def close(self):
        self.shutdown()
        self.server_close()


class Webhook(Receiver):
    """Answers `status`; `got` has (headers, body) of each post."""

    def __init__(self, certificate=None, port=0):
        self.status, self.answer_headers, self.body = 204, {}, b""
        self.arrived, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()
        super().__init__(certificate, Posts, port)



class Posts(http.server.BaseHTTPRequestHandler):
    def setup(self):
        if self.server.certificate:
            self.request = self.server.certificate.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.put((self.headers, body))
        self.server.arrived.set()
        self.server.may_answer.wait(30)
        self.send_response(self.server.status)
        for name, value in self.server.answer_headers.items():
            self.send_header(name, value)
        if self.server.status != 204:
            self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *words):
        pass


class Mail(Receiver):
    """Speaks as much of SMTP as a client needs; `got` has (sender, receivers, text, user) of each mail."""

    def __init__(self, certificate=None, starttls=True, port=0):
        self.starttls, self.refuse = starttls and certificate is not None, None
        super().__init__(certificate, Smtp, port)


class Speaker(socketserver.StreamRequestHandler):
    def begin_tls(self):
        self.request = self.server.certificate.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)

    def finish(self):
        super().finish()
        self.request.close()


class Smtp(Speaker):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.sender, self.receivers, self.user, self.with_tls = "", [], None, False
        if self.server.certificate and not self.server.starttls:
            self.begin_tls()
            self.with_tls = True
        self.say("220 mail.example ESMTP")
        while line := self.rfile.readline().decode().strip():
            if not self.answer(line.split(" ")[0].upper(), line):
                return

    def answer(self, verb, line):
        if verb == "EHLO":
            offers = ["mail.example"] + ["STARTTLS"] * (self.server.starttls and not self.with_tls)
            offers += ["AUTH PLAIN"] * self.with_tls
            for i, offer in enumerate(offers):
                self.say(f"250{' ' if i + 1 == len(offers) else '-'}{offer}")
        elif verb == "STARTTLS":
            self.say("220 go on")
            self.begin_tls()
            self.with_tls = True
        elif verb == "AUTH":
            words = line.split(" ")
            if len(words) < 3:
                self.say("334 ")
                words.append(self.rfile.readline().decode().strip())
            self.user = base64.b64decode(words[2]).split(b"\0")[1:]
            self.say("235 it is you")
        elif verb == "MAIL":
            self.sender = line.split("<")[1].split(">")[0]
            self.say("250 well")
        elif verb == "RCPT":
            self.receivers.append(line.split("<")[1].split(">")[0])
            self.say(self.server.refuse or "250 well")
        elif verb == "DATA":
            self.say("354 go on")
            lines = []
            while (text := self.rfile.readline()) != b".\r\n":
                lines.append(text[1:] if text.startswith(b".") else text)
            self.server.got.put((self.sender, self.receivers, b"".join(lines), self.user))
            self.say("250 taken as 4711")
        else:
            self.say("221 farewell" if verb == "QUIT" else "502 what?")
            return verb != "QUIT"
        return True


class Collector(Receiver):
    """Syslog over TCP or TLS with the octets counted; `got` has each message."""

    def __init__(self, certificate=None):
        super().__init__(certificate, Counted)


class Counted(Speaker):
    def handle(self):
        if self.server.certificate:
            self.begin_tls()
        while True:
            digits = b""
            while (digit := self.rfile.read(1)) not in (b" ", b""):
                digits += digit
            if not digits:
                return
            self.server.got.put(self.rfile.read(int(digits)).decode())


class Datagrams:
    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(20)
        self.port = self.socket.getsockname()[1]

    def next(self):
        return self.socket.recv(65536).decode()

    def close(self):
        self.socket.close()


@contextlib.contextmanager
def free_port():
    """One where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        yield one.getsockname()[1]
