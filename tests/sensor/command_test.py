#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ward-sensor read` as its user meets it: where captures come from, where events go, and what goes wrong.

Needs no shared data: the captures are made here. WARD_SENSOR is the program.
"""
import gzip, json, os, pathlib, pty, select, signal, struct, subprocess, tempfile, time, unittest

SENSOR = os.environ["WARD_SENSOR"]
HEADER = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)


def address(last):
    return bytes([10, 0, 0, last])


def frame(source, target, sport, dport, flags, sequence, acknowledged, payload=b""):
    """An Ethernet frame with one TCP segment; nobody checks its checksums."""
    tcp = struct.pack("!HHIIBBHHH", sport, dport, sequence, acknowledged, 0x50, flags, 65535, 0, 0) + payload
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + address(source) + address(target)
    return b"\x02\0\0\0\0" + bytes([target]) + b"\x02\0\0\0\0" + bytes([source]) + b"\x08\0" + ip + tcp


def record(second, data):
    return struct.pack("<IIII", second, 0, len(data), len(data)) + data


def conversation(client, port=2575, begin=1_700_000_000):
    """An HL7 message and its acknowledgement, over a connection that opens and closes."""
    message = (f"\x0bMSH|^~\\&|MON{client}|W|HIS|H|2026||ORU^R01|M{client}|P|2.5.1\r"
               "OBX|1|NM|1^X||7|bpm\r\x1c\r").encode()
    answer = f"\x0bMSH|^~\\&|HIS|H|MON|W|2026||ACK^R01|A|P|2.5.1\rMSA|AA|M{client}\r\x1c\r".encode()
    there, back = (client, 200, 40000, port), (200, client, port, 40000)
    end, answered = 1 + len(message), 1 + len(answer)
    frames = [frame(*there, 2, 0, 0), frame(*back, 18, 0, 1), frame(*there, 16, 1, 1),
              frame(*there, 24, 1, 1, message), frame(*back, 24, 1, end, answer),
              frame(*there, 17, end, answered), frame(*back, 17, answered, end + 1),
              frame(*there, 16, end + 1, answered + 1)]
    return b"".join(record(begin + i, f) for i, f in enumerate(frames))


def capture(*clients):
    return HEADER + b"".join(conversation(client) for client in clients)


class Command(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def run_sensor(self, *words, **options):
        return subprocess.run([SENSOR, *words], capture_output=True, timeout=60, **options)

    def told(self, *words, **options):
        done = self.run_sensor("read", *words, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_message_its_acknowledgement_and_the_flow_are_told(self):
        events = self.told(self.file("a.pcap", capture(7)))
        self.assertEqual([e["event_type"] for e in events], ["hl7", "flow", "device", "device"])
        hl7, flow = events[:2]
        self.assertEqual(hl7["hl7"]["sending_application"], "MON7")
        self.assertEqual(hl7["hl7"]["acknowledgement"]["code"], "AA")
        self.assertEqual(hl7["hl7"]["acknowledgement"]["latency_us"], 1_000_000)
        self.assertEqual(hl7["src_ip"], "10.0.0.7")
        self.assertEqual(hl7["flow_id"], flow["flow_id"])
        self.assertEqual(flow["tcp"]["state"], "closed")
        self.assertNotIn("not_inspected", flow["flow"])

    def test_a_compressed_capture_is_unpacked_and_standard_input_read(self):
        plain = capture(7, 8)
        expected = self.told(self.file("a.pcap", plain))
        self.assertEqual(self.told(self.file("a.pcap.gz", gzip.compress(plain))), expected)
        self.assertEqual(self.told("-", input=plain), expected)
        self.assertEqual(self.told("-", input=gzip.compress(plain)), expected)

    def test_several_captures_are_read_as_one(self):
        first, second = self.file("1.pcap", capture(7)), self.file("2.pcap", capture(8))
        events = self.told(first, second)
        self.assertEqual([e["hl7"]["control_id"] for e in events if e["event_type"] == "hl7"], ["M7", "M8"])

    def test_the_output_is_the_same_with_any_number_of_threads(self):
        path = self.file("a.pcap", capture(*range(1, 120)))
        outputs = {self.run_sensor("read", path, "--threads", str(n)).stdout for n in (1, 2, 3, 5, 8)}
        self.assertEqual(len(outputs), 1)
        self.assertEqual(self.run_sensor("read", path).stdout, outputs.pop())

    def test_a_capture_that_ends_too_early_tells_what_was_before_and_where(self):
        whole = capture(7, 8)
        done = self.run_sensor("read", self.file("cut.pcap", whole[:-10]))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"the capture ends in the middle of a packet at byte", done.stderr)
        self.assertEqual(done.stdout.count(b'"event_type":"hl7"'), 2)

    def test_a_damaged_gzip_tells_what_was_before_and_ends_its_flows(self):
        begun = HEADER + b"".join(record(n, f) for n, f in enumerate(
            [frame(7, 200, 40000, 2575, 2, 0, 0), frame(200, 7, 2575, 40000, 18, 0, 1)]))
        packed = gzip.compress(begun)
        for damaged in (packed[:-8] + bytes(8), packed[:-8]):
            other = self.file("b.pcap", capture(8))
            done = self.run_sensor("read", self.file("a.pcap.gz", damaged), other)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"gzip", done.stderr)
            self.assertEqual(done.stdout.count(b'"event_type":"flow"'), 2)

    def test_a_capture_that_is_missing_is_told_before_any_is_read(self):
        done = self.run_sensor("read", self.file("a.pcap", capture(7)), str(self.folder / "missing.pcap"))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"missing.pcap: No such file", done.stderr)

    def test_no_file_is_emptied_before_what_is_read_is_there(self):
        kept = self.folder / "eve.json"
        kept.write_text("what was told before\n")
        for command in ("read", "devices"):
            for missing in (self.folder / "missing.pcap", self.folder):
                done = self.run_sensor(command, self.file("a.pcap", capture(7)), missing, "--json", kept)
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertEqual(kept.read_text(), "what was told before\n")

    def test_what_is_read_is_never_overwritten(self):
        content = capture(7)
        path = self.file("a.pcap", content)
        os.symlink(path, self.folder / "link.pcap")
        os.link(path, self.folder / "second.pcap")
        for command in ("read", "devices"):
            for out in (path, self.folder / "link.pcap", self.folder / "second.pcap"):
                done = self.run_sensor(command, path, "--json", out)
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"what is read cannot be the output too", done.stderr)
                with open(path, "rb") as given:
                    self.assertEqual(self.run_sensor(command, "-", "--json", out, stdin=given).returncode, 1)
                self.assertEqual(pathlib.Path(path).read_bytes(), content)
        key = self.file("key", bytes(32))
        os.chmod(key, 0o600)
        self.assertEqual(self.run_sensor("read", path, "--pseudonym-key", key, "--json", key).returncode, 1)
        self.assertEqual(pathlib.Path(key).read_bytes(), bytes(32))

    def test_another_kind_of_file_is_refused_by_name(self):
        for content in (b"", b"x", b"#!/bin/sh\necho not a capture\n" * 10):
            done = self.run_sensor("read", self.file("notes.txt", content))
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"notes.txt is no capture", done.stderr)
            self.assertEqual(done.stdout, b"")

    def test_a_missing_file_and_a_wrong_word_are_told(self):
        self.assertIn(b"No such file", self.run_sensor("read", "/nonexistent.pcap").stderr)
        for words in ([], ["read"], ["read", "x", "--format", "xml"], ["read", "x", "--threads", "0"], ["x"]):
            self.assertEqual(self.run_sensor(*words).returncode, 2, words)
        self.assertEqual(self.run_sensor("--help").returncode, 0)

    def test_events_go_to_a_file_that_others_cannot_read(self):
        out = self.folder / "eve.json"
        self.assertEqual(self.told(self.file("a.pcap", capture(7)), "--json", str(out)), [])
        self.assertEqual(out.read_text().count('"event_type":"flow"'), 1)
        self.assertEqual(out.stat().st_mode & 0o077, 0)

    def test_a_dash_is_standard_output(self):
        told = self.told(self.file("a.pcap", capture(7)), "--json", "-", cwd=self.folder)
        self.assertEqual([e["event_type"] for e in told], ["hl7", "flow", "device", "device"])
        self.assertFalse((self.folder / "-").exists())

    def test_a_full_disk_is_an_error(self):
        done = self.run_sensor("read", self.file("a.pcap", capture(7)), "--json", "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)

    def test_a_reader_that_has_gone_is_an_error(self):
        source, target = os.pipe()
        os.close(source)
        done = subprocess.run([SENSOR, "read", self.file("a.pcap", capture(7))], stdout=target,
                              stderr=subprocess.PIPE, timeout=60)
        os.close(target)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot write standard output: Broken pipe", done.stderr)

    def test_a_pipe_of_the_shell_is_a_capture_too(self):
        source, target = os.pipe()
        os.write(target, capture(7))
        os.close(target)
        done = self.run_sensor("read", f"/dev/fd/{source}", pass_fds=[source])
        os.close(source)
        self.assertEqual((done.returncode, done.stdout.count(b'"event_type":"flow"')), (0, 1), done.stderr)

    def begin(self, *words, **options):
        sensor = subprocess.Popen([SENSOR, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self.addCleanup(sensor.wait)
        for end in (sensor.kill, sensor.stdin.close, sensor.stdout.close):
            self.addCleanup(end)
        return sensor

    def test_what_a_live_pipe_brought_is_told_while_it_is_open(self):
        for packing in (bytes, gzip.compress):
            for threads in ("1", "3"):
                sensor = self.begin("read", "-", "--threads", threads, bufsize=0)
                told = b""
                for part in (capture(7), conversation(8)):
                    sensor.stdin.write(packing(part))
                    told += sensor.stdout.readline()
                self.assertEqual(told.count(b'"event_type":"hl7"'), 2)
                sensor.stdin.close()
                told += sensor.stdout.read()
                self.assertEqual(sensor.wait(60), 0)
                self.assertEqual(told, self.run_sensor("read", self.file("a.pcap", capture(7, 8))).stdout)

    def test_an_interrupt_ends_a_live_pipe_in_order(self):
        begun = conversation(8)[:3 * (16 + 54)]   # its handshake
        for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for threads in ("1", "3"):
                sensor = self.begin("read", "-", "--threads", threads, stderr=subprocess.PIPE, bufsize=0,
                                    preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
                self.addCleanup(sensor.stderr.close)
                sensor.stdin.write(capture(7) + begun)
                self.assertIn(b'"event_type":"hl7"', sensor.stdout.readline())
                sensor.send_signal(stop)
                self.assertEqual(sensor.wait(60), 0)
                told = [json.loads(line) for line in sensor.stdout.read().splitlines()]
                flows = [event["src_ip"] for event in told if event["event_type"] == "flow"]
                self.assertEqual(sorted(flows), ["10.0.0.7", "10.0.0.8"])
                self.assertIn(b"interrupted", sensor.stderr.read())

    def test_an_interrupted_inventory_is_told(self):
        sensor = self.begin("devices", "-", bufsize=0)
        self.status_when(sensor.pid, "SigBlk", lambda mask: int(mask, 16) & 2)   # SIGINT's bit
        sensor.stdin.write(capture(7))
        sensor.send_signal(signal.SIGINT)
        self.assertEqual(sensor.wait(60), 0)
        self.assertIn(b"MON7", sensor.stdout.read())

    def test_a_terminal_is_told_once_a_second_how_far_it_is(self):
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        sensor = self.begin("read", "-", "--json", "/dev/null", stderr=theirs, bufsize=0)
        os.close(theirs)
        sensor.stdin.write(HEADER)
        deadline = time.monotonic() + 30
        while not select.select([ours], [], [], 0.1)[0]:
            self.assertLess(time.monotonic(), deadline)
            sensor.stdin.write(conversation(7))
        sensor.stdin.close()
        self.assertEqual(sensor.wait(60), 0)
        self.assertRegex(os.read(ours, 4096), rb"^0 MiB, \d+ packets(\r\x1b\[K.*)*\r\x1b\[K$")

    def test_captures_in_the_wrong_order_do_not_go_unsaid(self):
        first, second = HEADER + conversation(7), HEADER + conversation(8, begin=1_700_007_200)
        first, second = self.file("1.pcap", first), self.file("2.pcap", second)
        self.assertEqual(self.run_sensor("read", first, second).stderr, b"")
        self.assertEqual(self.run_sensor("read", first, first).stderr, b"")   # seconds
        for command in ("read", "devices"):
            said = self.run_sensor(command, second, first).stderr
            self.assertIn(b"1.pcap begins 7207 s before the last one ended", said)

    @unittest.skipIf(b"__asan_init" in pathlib.Path(SENSOR).read_bytes(), "sanitizers need too much")
    def test_it_gives_up_its_rights_before_the_first_byte(self):
        for words in (["read", "-"], ["devices", "-"]):
            with subprocess.Popen([SENSOR, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as sensor:
                status = self.status_when(sensor.pid, "Seccomp", lambda mode: mode == "2")
                limits = pathlib.Path(f"/proc/{sensor.pid}/limits").read_text()
                told, _ = sensor.communicate(capture(7), timeout=60)
            self.assertEqual(sensor.returncode, 0)
            self.assertIn(b"MON7", told)
            self.assertEqual((status["Seccomp"], status["NoNewPrivs"]), ("2", "1"))
            self.assertEqual(int(status["CapEff"], 16) & ~4, 0, "it may read files that only root may")
            self.assertRegex(limits, r"Max core file size +0 +0 ")

    def status_when(self, process, key, is_so):
        """Nothing tells when that is; it waits for its input then."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
            status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
            if is_so(status.get(key, "0")):
                return status
        self.fail(f"its {key} is {status.get(key)}")

    def test_frames_that_cannot_be_read_do_not_go_unsaid(self):
        strange = HEADER[:20] + struct.pack("<I", 147) + capture(7)[24:]   # LINKTYPE_USER0
        done = self.run_sensor("read", self.file("a.pcap", strange))
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        self.assertRegex(done.stderr, rb"frames of an unknown link type +8\n")
        data = frame(7, 200, 40000, 2575, 24, 1, 1, b"x" * 100)
        cut = HEADER + struct.pack("<IIII", 1, 0, 40, len(data)) + data[:40]
        for command in ("read", "devices"):
            done = self.run_sensor(command, self.file("a.pcap", cut))
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stderr, rb"frames cut by the capture +1\n")
            self.assertRegex(done.stderr, rb"frames that contradict themselves +1\n")

    def test_statistics_say_what_was_seen(self):
        done = self.run_sensor("read", self.file("a.pcap", capture(7)), "--stats")
        rows = dict(line.rsplit(None, 1) for line in done.stderr.decode().splitlines())
        self.assertEqual((rows["frames"], rows["flows"], rows["events: hl7"]), ("8", "1", "1"))

    def test_ocsf_is_one_object_a_line_with_its_class(self):
        events = self.told(self.file("a.pcap", capture(7)), "--format", "ocsf")
        self.assertEqual([e["type_uid"] for e in events], [400106, 400102, 500102, 500102])
        self.assertEqual(events[0]["unmapped"]["hl7"]["control_id"], "M7")

    def test_a_key_that_others_can_read_or_that_is_short_is_refused(self):
        path = self.file("a.pcap", capture(7))
        key = self.file("key", bytes(32))
        os.chmod(key, 0o644)
        self.assertIn(b"chmod 600", self.run_sensor("read", path, "--pseudonym-key", key).stderr)
        os.chmod(key, 0o600)
        self.assertEqual(self.run_sensor("read", path, "--pseudonym-key", key).returncode, 0)
        short = self.file("short", bytes(31))
        os.chmod(short, 0o600)
        self.assertIn(b"fewer than 32 bytes", self.run_sensor("read", path, "--pseudonym-key", short).stderr)

    def test_rings_that_do_not_fit_the_memory_are_refused_with_what_to_give(self):
        for words in (["--memory-mib", "64"], ["--threads", "9"]):
            done = self.run_sensor("listen", "lo", *words)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"give --memory-mib, --ring-mib or --threads", done.stderr)

    def test_help_has_an_example(self):
        for words in (["read"], ["listen"], ["devices"]):
            shown = self.run_sensor(*words, "--help").stdout.decode()
            self.assertIn(f"Example: ward sensor {words[0]}", shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
