# SPDX-License-Identifier: Apache-2.0
"""What a played hospital can send to, in place of Ward."""
import http.server
import socket
import ssl
import subprocess
import threading

HEADER = "\x0bMSH|^~\\&|||||20260302||ACK|1|P|2.5.1\r"
TAKEN = "MSA|AA|{}\r"


def certificate_in(folder):
    """Of 127.0.0.1, by itself; and a server's side of TLS that has it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return certificate, tls


def control_id_of(message):
    fields = message.split("\r")[0].split("|")
    return fields[9] if message.startswith("MSH") and len(fields) > 9 else ""


class Receiver:
    """Takes HL7 over MLLP. `answer(message)` is what follows MSH, with {} for the control id; nothing: the
    connection is closed."""

    def __init__(self, answer=lambda message: TAKEN):
        self.answer = answer
        self.taken, self.heard, self.open, self.threads = [], [], [], []
        self.changed = threading.Condition()
        self.server = None
        self.listen(0)
        self.address = "127.0.0.1:%d" % self.server.getsockname()[1]

    @property
    def acknowledged(self):
        with self.changed:
            return list(self.taken)

    @property
    def connections(self):
        """What came over each, once whoever sent it has ended."""
        for thread in self.threads:
            thread.join(60)
        return self.heard

    def listen(self, port):
        self.server = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.accept, args=(self.server,), daemon=True).start()

    def accept(self, server):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            messages = []
            self.heard.append(messages)
            self.open.append(connection)
            thread = threading.Thread(target=self.serve, args=(connection, messages), daemon=True)
            self.threads.append(thread)
            thread.start()

    def serve(self, connection, messages):
        kept = b""
        with connection:
            while part := connection.recv(65536):
                kept += part
                while b"\x1c\r" in kept:
                    framed, _, kept = kept.partition(b"\x1c\r")
                    message = framed.removeprefix(b"\x0b").decode(errors="surrogateescape")
                    messages.append(message)
                    answer = self.answer(message)
                    if not answer:
                        return
                    told = HEADER + answer.format(control_id_of(message)) + "\x1c\r"
                    with self.changed:
                        connection.sendall(told.encode(errors="surrogateescape"))
                        self.taken.append(message)
                        self.changed.notify_all()
            if kept:
                messages.append(kept.decode(errors="surrogateescape").removeprefix("\x0b"))

    def wait_for(self, count):
        with self.changed:
            return self.changed.wait_for(lambda: len(self.taken) >= count, 60)

    def go_away(self):
        """And what is on the way with it."""
        with self.changed:
            self.stop()
            for connection in self.open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass   # it was closed already

    def come_back(self):
        self.listen(int(self.address.split(":")[1]))

    def stop(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


class Collector:
    """Takes whatever comes over each connection, until it ends."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.server.getsockname()[1]
        self.taken, self.threads = [], []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            parts = []
            self.taken.append(parts)
            self.threads.append(threading.Thread(target=self.collect, args=(connection, parts), daemon=True))
            self.threads[-1].start()

    @staticmethod
    def collect(connection, parts):
        with connection:
            while part := connection.recv(65536):
                parts.append(part)

    def streams(self):
        for thread in self.threads:
            thread.join(60)
        return [b"".join(parts) for parts in self.taken]

    def stop(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


class FhirServer(http.server.ThreadingHTTPServer):
    """Takes transactions under TLS. `answer(number)` gives a status and a body, number by number from 1."""
    daemon_threads = True

    def __init__(self, tls, answer=lambda number: (200, "{}")):
        super().__init__(("127.0.0.1", 0), FhirRequest)
        self.answer = answer
        self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.address = "127.0.0.1:%d" % self.server_port
        self.connections = {}   # by the port of the other end
        self.count = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        """A client that went away is no error here."""

    def stop(self):
        self.shutdown()
        self.server_close()


class FhirRequest(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        bundle = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.count += 1
        self.server.connections.setdefault(self.client_address[1], []).append(bundle)
        status, body = self.server.answer(self.server.count)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass
