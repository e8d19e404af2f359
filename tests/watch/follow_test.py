# SPDX-License-Identifier: Apache-2.0
"""`ward-watch follow` as who runs Suricata or Zeek beside Ward meets it."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest

WATCH = os.environ["WARD_WATCH"]


def alert(number):
    return json.dumps({"timestamp": f"2026-03-02T08:00:{number:02}.000000+0000", "flow_id": number,
                       "event_type": "alert", "src_ip": "10.0.0.7", "src_port": 50000, "dest_ip": "10.0.0.1",
                       "dest_port": 445, "proto": "TCP", "pkt_src": "wire/pcap",
                       "alert": {"signature_id": number, "signature": "X", "severity": 1}}) + "\n"


class Following(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.eve = self.folder / "eve.json"
        self.door = self.folder / "door"
        self.spool = self.folder / "spool"
        self.spool.mkdir()

    def start(self):
        words = [WATCH, "follow", self.eve, f"unix:{self.door}", "--spool", self.spool]
        running = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.stderr.close)
        self.addCleanup(running.kill)
        self.wait_for(self.door.exists)
        return running

    def stop(self, running):
        running.send_signal(signal.SIGTERM)
        _, told = running.communicate(timeout=30)
        self.assertEqual(running.returncode, 0, told)
        return json.loads(told.splitlines()[-1])

    def wait_for(self, ready):
        deadline = time.monotonic() + 30
        while not ready():
            self.assertLess(time.monotonic(), deadline, "it takes too long")
            time.sleep(0.01)

    def offset(self):
        marks = self.spool / "followed.json"
        return json.loads(marks.read_text())["files"][0]["offset"] if marks.exists() else -1

    def say(self, text):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as suricata:
            suricata.connect(str(self.door))
            suricata.sendall(text.encode())

    def spooled(self):
        return sum(file.stat().st_size for file in self.spool.glob("*") if file.name != "followed.json")

    def test_events_of_a_file_and_of_a_socket_are_counted_and_those_of_the_file_once(self):
        self.eve.write_text(alert(1) + alert(2))
        running = self.start()
        self.wait_for(lambda: self.offset() == 0)
        empty = self.spooled()
        self.say(alert(3))
        self.wait_for(lambda: self.spooled() > empty)
        told = self.stop(running)
        self.assertEqual((told["message"], told["events"], told["suricata"]), ("stopped", 3, 3))
        self.assertFalse(self.door.exists())
        with self.eve.open("a") as eve:
            eve.write(alert(4))
        running = self.start()
        self.wait_for(lambda: self.offset() > 0)
        told = self.stop(running)
        self.assertEqual(told["events"], 1)

    def test_a_source_that_is_none_is_refused(self):
        done = subprocess.run([WATCH, "follow", "eve.json", "--spool", self.spool], capture_output=True,
                              text=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("eve.json: neither the whole name of a file nor unix:", done.stderr)


if __name__ == "__main__":
    unittest.main()
