# SPDX-License-Identifier: Apache-2.0
"""A day of the lab's hospital, sent to a receiver that breaks off, and to a running Ward."""
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

import lab

ANSWER = b"\x0bMSH|^~\\&|||||20260302||ACK|1|P|2.5.1\rMSA|AA|%s\r\x1c\r"
WARD = os.path.join(os.environ.get("WARD_BIN", ""), "ward")


class Receiver(threading.Thread):
    """Acknowledges all but every hundredth message, after which it closes the connection."""

    def __init__(self):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.server.getsockname()[1]
        self.acknowledged, self.seen = [], 0

    def run(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        kept = b""
        with connection:
            while part := connection.recv(65536):
                kept += part
                while b"\x1c\r" in kept:
                    message, _, kept = kept.partition(b"\x1c\r")
                    self.seen += 1
                    if self.seen % 100 == 0:
                        return
                    control_id = message.split(b"|", 10)[9]
                    self.acknowledged.append(message.removeprefix(b"\x0b").decode())
                    connection.sendall(ANSWER % control_id)


class Playing(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def play(self, *words):
        return lab.run("play", "quiet", "--size", "clinic", "--seed", 7, *words)

    def test_sends_what_make_writes_and_each_until_it_is_acknowledged(self):
        receiver = Receiver()
        receiver.start()
        self.addCleanup(receiver.server.close)
        done = self.play("--speed", 0, "--to", receiver.address, "--truth", self.folder / "truth.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        made = lab.make("quiet", self.folder / "made", "clinic")
        self.assertEqual(sorted(receiver.acknowledged), sorted(lab.messages_of(made)))
        self.assertIn(f"sent {len(receiver.acknowledged)} HL7 messages, ", done.stdout)
        self.assertEqual(json.loads((self.folder / "truth.json").read_text()), lab.truth_of(made))

    def test_keeps_to_the_speed_that_was_asked_for(self):
        receiver = Receiver()
        receiver.start()
        self.addCleanup(receiver.server.close)
        before = time.monotonic()
        done = self.play("--speed", 36000, "--to", receiver.address)   # the practice closes at about six
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(time.monotonic() - before, 1.2)

    def test_says_so_when_nobody_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        done = self.play("--to", f"127.0.0.1:{port}", "--speed", 0, "--patience", 1)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"127.0.0.1:{port}: Connection refused", done.stderr)
        self.assertIn("is no address and port", self.play("--to", "nowhere").stderr)

    def test_sends_the_trail_as_make_writes_it(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            taken = []

            def take():
                connection, _ = server.accept()
                with connection:
                    while part := connection.recv(65536):
                        taken.append(part)

            taking = threading.Thread(target=take, daemon=True)
            taking.start()
            done = self.play("--speed", 0, "--trail-to", "127.0.0.1:%d" % server.getsockname()[1])
            self.assertEqual(done.returncode, 0, done.stderr)
            taking.join(60)
        made = lab.make("quiet", self.folder / "made", "clinic")
        self.assertEqual(b"".join(taken), (made / "atna.syslog").read_bytes())

    def test_sends_the_trail_whole_under_tls_to_whoever_is_slow(self):
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        with socket.create_server(("127.0.0.1", 0)) as server:
            taken = []

            def take():
                connection, _ = server.accept()
                with tls.wrap_socket(connection, server_side=True) as secured:
                    while part := secured.recv(1024):
                        taken.append(part)

            taking = threading.Thread(target=take, daemon=True)
            taking.start()
            done = self.play("--speed", 0, "--trail-to", "127.0.0.1:%d" % server.getsockname()[1],
                             "--trust", certificate)
            self.assertEqual(done.returncode, 0, done.stderr)
            taking.join(60)
        made = lab.make("quiet", self.folder / "made", "clinic")
        self.assertEqual(len(b"".join(taken)), (made / "atna.syslog").stat().st_size)

    def test_needs_a_token_and_a_certificate_for_fhir(self):
        done = self.play("--fhir-to", "127.0.0.1:8443")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--fhir-to requires", done.stderr + done.stdout)


@unittest.skipUnless(pathlib.Path(WARD).exists(), "SKIPPED: no ward is built")
class PlayingIntoWard(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.data = self.folder / "data"

    def start(self, feed):
        """A Ward of its own, and where its feed and its FHIR door listen."""
        passphrase, config = self.folder / "passphrase", self.folder / "ward.toml"
        passphrase.write_text("an invented passphrase for a test\n")
        passphrase.chmod(0o600)
        config.write_text(f'[data]\npath = "{self.data}"\n[server]\nlisten = "127.0.0.1:0"\n'
                          f'[keys]\npassphrase_file = "{passphrase}"\nunwrap_burst = 100000\n'
                          f'[hl7]\nfeeds = ["hospital {feed}"]\n')
        ward = subprocess.Popen([WARD, "run", "--config", config], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        self.addCleanup(ward.stdout.close)
        self.addCleanup(ward.stderr.close)
        port = next(found[1] for line in ward.stderr
                    if (found := re.search(r'"feed listens".*"port":(\d+)', line)))
        reading = threading.Thread(target=ward.stderr.read, daemon=True)
        reading.start()
        self.addCleanup(reading.join)
        self.addCleanup(ward.wait, timeout=60)
        self.addCleanup(ward.terminate)
        door = next(found[1] for line in ward.stdout if (found := re.search(r"https://([^/ ]+)", line)))
        return f"127.0.0.1:{port}", door

    def play(self, *words):
        return lab.run("play", "quiet", "--size", "clinic", "--seed", 7, "--speed", 0, *words)

    def test_sends_messages_that_are_mapped(self):
        feed, _ = self.start("127.0.0.1:0")
        done = self.play("--to", feed)
        self.assertEqual(done.returncode, 0, done.stderr)
        sent = int(re.match(r"sent (\d+) HL7 messages, .* 0 were refused", done.stdout)[1])
        self.assertGreater(sent, 50)
        self.assertEqual(self.when_mapped()["messages"], sent)

    def test_sends_messages_and_resources_under_tls_of_the_same_patients(self):
        feed, door = self.start("127.0.0.1:0 tls")
        token = self.folder / "token"
        made = subprocess.run([WARD, "token", "--data", self.data, "--scope", "system/*.cruds"],
                              check=True, capture_output=True, text=True)
        token.write_text(made.stdout)
        done = self.play("--to", feed, "--fhir-to", door, "--trust", self.data / "tls.crt",
                         "--token-file", token)
        self.assertEqual(done.returncode, 0, done.stderr)
        messages, transactions = map(int, re.match(
            r"sent (\d+) HL7 messages, (\d+) FHIR transactions, .* 0 were refused", done.stdout).groups())
        self.assertGreater(messages, 50)
        self.assertGreater(transactions, 0)
        self.when_mapped()
        made = lab.make("quiet", self.folder / "made", "clinic")
        told = (made / "fhir.ndjson").read_text()
        self.assertEqual(len(told.splitlines()), transactions)
        numbers = set(re.findall(r'"urn:oid:[0-9.]+","value":"(\d+)"', told))
        self.assertGreater(len(numbers), 0)
        for number in numbers:   # both told of them, and they are one patient each, with their studies
            patients = self.bundle(door, token, f"Patient?identifier={number}")["entry"]
            self.assertEqual(len(patients), 1, patients)
            patient = patients[0]["resource"]["id"]
            self.assertGreater(self.bundle(door, token, f"ImagingStudy?patient={patient}")["total"], 0)

    def bundle(self, door, token, query):
        trust = ssl.create_default_context(cafile=self.data / "tls.crt")
        asked = urllib.request.Request(f"https://{door}/fhir/{query}",
                                       headers={"Authorization": "Bearer " + token.read_text().strip()})
        with urllib.request.urlopen(asked, context=trust) as answer:
            return json.load(answer)

    def when_mapped(self):
        until = time.monotonic() + 120
        while time.monotonic() < until:
            told = subprocess.run([WARD, "vault", "feeds", "--data", self.data, "--json"],
                                  capture_output=True, text=True)
            states = json.loads(told.stdout or "[]")
            if states and states[0]["waiting"] == 0:
                return states[0]
            time.sleep(0.2)
        raise AssertionError("not all messages were mapped in time")


if __name__ == "__main__":
    lab.main()
