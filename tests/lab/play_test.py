# SPDX-License-Identifier: Apache-2.0
"""A day of the lab's hospital, sent to a receiver that breaks off, and to a running Ward."""
import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import threading
import time
import unittest

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
        self.assertIn(f"{len(receiver.acknowledged)} HL7 messages sent, 0 of them refused", done.stdout)
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

    @unittest.skipUnless(pathlib.Path(WARD).exists(), "SKIPPED: no ward is built")
    def test_a_running_ward_takes_all_of_it_and_maps_it(self):
        passphrase = self.folder / "passphrase"
        passphrase.write_text("an invented passphrase for a test\n")
        passphrase.chmod(0o600)
        data, config = self.folder / "data", self.folder / "ward.toml"
        config.write_text(f'[data]\npath = "{data}"\n[server]\nlisten = "127.0.0.1:0"\n'
                          f'[keys]\npassphrase_file = "{passphrase}"\nunwrap_burst = 100000\n'
                          '[hl7]\nfeeds = ["hospital 127.0.0.1:0"]\n')
        ward = subprocess.Popen([WARD, "run", "--config", config], stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)
        try:
            port = next(found[1] for line in ward.stderr
                        if (found := re.search(r'"feed listens".*"port":(\d+)', line)))
            reading = threading.Thread(target=ward.stderr.read, daemon=True)
            reading.start()
            done = self.play("--speed", 0, "--to", f"127.0.0.1:{port}")
            self.assertEqual(done.returncode, 0, done.stderr)
            sent = int(re.match(r"(\d+) HL7 messages sent, 0 of them refused", done.stdout)[1])
            self.assertGreater(sent, 50)
            state = self.when_mapped(data)
            self.assertEqual(state["messages"], sent)
        finally:
            ward.terminate()
            ward.wait(timeout=60)
            reading.join()
            ward.stderr.close()

    def when_mapped(self, data):
        until = time.monotonic() + 120
        while time.monotonic() < until:
            told = subprocess.run([WARD, "vault", "feeds", "--data", data, "--json"],
                                  capture_output=True, text=True)
            states = json.loads(told.stdout or "[]")
            if states and states[0]["waiting"] == 0:
                return states[0]
            time.sleep(0.2)
        raise AssertionError("not all messages were mapped in time")


if __name__ == "__main__":
    lab.main()
