#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ward-sensor listen` as a process: what it gives up, and how it ends.

Usage: listen_test.py WARD-SENSOR. Exits with 77 without the right to capture.
"""
import pathlib, re, signal, socket, subprocess, sys, tempfile, time, unittest

SENSOR = sys.argv.pop(1)
SKIPPED = 77


def speak():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x06quokka\0\0\x01\0\x01", ("127.0.0.1", 53))


def heed_hangups():
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def ignore_hangups():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


class Listen(unittest.TestCase):
    def start(self, *words, **options):
        sensor = subprocess.Popen([SENSOR, "listen", "lo", *words], stderr=subprocess.PIPE, **options)
        self.addCleanup(sensor.wait)
        self.addCleanup(sensor.kill)
        self.addCleanup(sensor.stderr.close)
        said = sensor.stderr.readline()
        while b"listening" not in said:
            self.assertTrue(said, "it ended")
            said = sensor.stderr.readline()
        return sensor

    def test_ends_and_says_so_when_nobody_reads_what_it_tells(self):
        sensor = self.start(stdout=subprocess.PIPE)
        sensor.stdout.close()
        speak()
        self.assertEqual(sensor.wait(60), 1)
        self.assertIn(b"ward-sensor: cannot write standard output: Broken pipe", sensor.stderr.read())

    def test_goes_on_in_its_file_when_it_is_started_again(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "eve.json")
            sizes = []
            for _ in range(2):
                sensor = self.start("--json", str(path), "--rotate-mib", "1")
                sensor.send_signal(signal.SIGTERM)
                self.assertEqual(sensor.wait(60), 0)
                sizes.append(path.stat().st_size)
            self.assertGreater(sizes[1], sizes[0])

    def test_ends_in_order_when_its_terminal_is_closed(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "eve.json")
            sensor = self.start("--json", str(path), preexec_fn=heed_hangups)
            speak()
            sensor.send_signal(signal.SIGHUP)
            self.assertEqual(sensor.wait(60), 0)
            self.assertIn(b"stopped", sensor.stderr.read())
            self.assertIn('"event_type":"stats"', path.read_text())

    def test_goes_on_behind_its_terminal_with_nohup(self):
        for before, waits_for_it in ((ignore_hangups, 0), (heed_hangups, 1)):
            sensor = self.start(stdout=subprocess.DEVNULL, preexec_fn=before)
            # The main thread's mask does not show what it waits for; the others have what it blocked, once
            # they run: a thread begins with everything blocked.
            tasks = pathlib.Path("/proc", str(sensor.pid), "task")
            other = max(tasks.iterdir(), key=lambda task: int(task.name)) / "status"
            blocked, deadline = None, time.monotonic() + 20
            while blocked != waits_for_it and time.monotonic() < deadline:
                blocked = int(re.search("SigBlk:\t(.*)", other.read_text())[1], 16) & 1   # SIGHUP's bit
            self.assertEqual(blocked, waits_for_it)

    def test_its_file_is_its_own(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "eve.json")
            sensor = self.start("--json", str(path), "--rotate-mib", "1")
            before = path.read_bytes()
            other = subprocess.run([SENSOR, "listen", "lo", "--json", str(path)], capture_output=True,
                                   timeout=60)
            self.assertEqual(other.returncode, 1)
            self.assertIn(b"eve.json: another program is writing it", other.stderr)
            self.assertTrue(path.read_bytes().startswith(before))
            sensor.send_signal(signal.SIGTERM)
            self.assertEqual(sensor.wait(60), 0)

    def test_a_file_that_was_removed_is_made_anew(self):
        for words in ([], ["--rotate-mib", "1"]):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, "eve.json")
                sensor = self.start("--json", str(path), *words)
                path.unlink()
                sensor.send_signal(signal.SIGTERM)
                self.assertEqual(sensor.wait(60), 0)
                said = sensor.stderr.read()
                self.assertIn(b"the events' file was removed", said)
                self.assertIn(b'"events_lost":0', said)
                self.assertIn('"event_type":"stats"', path.read_text())

    def test_gives_up_its_rights(self):
        sensor = self.start(stdout=subprocess.DEVNULL)
        process = pathlib.Path("/proc", str(sensor.pid))
        status = dict(line.split(":\t", 1) for line in process.joinpath("status").read_text().splitlines())
        self.assertEqual((status["Seccomp"], status["NoNewPrivs"]), ("2", "1"))
        self.assertEqual(int(status["CapEff"], 16), 0)
        self.assertRegex(process.joinpath("limits").read_text(), r"Max core file size +0 +0 ")


if __name__ == "__main__":
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except PermissionError:
        print("skipped: no CAP_NET_RAW")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
