# SPDX-License-Identifier: Apache-2.0
"""`ward-watch read` as its user meets it: where events come from, where findings go, and what goes wrong."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

WATCH = os.environ["WARD_WATCH"]


def ticket(second, service, client="10.0.1.7"):
    return {"timestamp": f"2026-03-02T08:00:{second:02}.000000+0000", "flow_id": second,
            "event_type": "krb5", "src_ip": client, "src_port": 50000 + second,
            "dest_ip": "10.0.0.1", "dest_port": 88, "proto": "TCP",
            "community_id": f"1:{second}", "app_proto": "krb5",
            "krb5": {"msg_type": "KRB_TGS_REP", "sname": service, "ticket_encryption": "rc4-hmac"}}


def lines(events):
    return "".join(json.dumps(event) + "\n" for event in events)


class Reading(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.events = self.folder / "events.json"
        self.events.write_text(lines(ticket(second, f"http/{second}") for second in range(30)))

    def watch(self, *words, **options):
        words = [WATCH, *map(str, words)]
        return subprocess.run(words, capture_output=True, text=True, timeout=60, **options)

    def findings(self, *words, **options):
        done = self.watch("read", *words, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def test_help_has_an_example(self):
        self.assertIn("Example: ward watch ", self.watch("--help").stdout)
        self.assertIn("Example: ward watch read ", self.watch("read", "--help").stdout)

    def test_a_finding_says_what_why_and_what_would_make_it_harmless(self):
        (finding,), told = self.findings(self.events)
        self.assertEqual(finding["finding"], "kerberoasting")
        self.assertEqual(finding["systems"], ["10.0.1.7"])
        self.assertEqual(finding["at"], "2026-03-02T08:00:12.000Z")
        self.assertTrue(all(fact["what"] and fact["now"] for fact in finding["facts"]))
        self.assertEqual(finding["events"], [f"flow:1:{second}" for second in range(13)])
        for member in "case", "severity", "confidence", "sentence", "harmless_if", "techniques":
            self.assertTrue(finding[member], member)
        self.assertIn("30 events, 1 findings", told)

    def test_what_is_below_the_line_is_counted_and_told_when_asked_for(self):
        upload = ticket(1, "") | {"event_type": "flow", "dest_ip": "192.0.2.9",
                                  "flow": {"bytes_toserver": 20_000_000, "bytes_toclient": 1}}
        upload_alone = self.folder / "upload.json"
        upload_alone.write_text(lines([upload]))
        found, told = self.findings(upload_alone)
        self.assertEqual(found, [])
        self.assertIn("1 cases are of too little risk", told)
        (finding,), _ = self.findings("--all", upload_alone)
        self.assertEqual(finding["finding"], "exfiltration")
        found, _ = self.findings(upload_alone, self.events)
        self.assertEqual([one["finding"] for one in found], ["exfiltration", "kerberoasting"])
        self.assertEqual(found[0]["concluded"], "2026-03-02T08:00:01.000Z")

    def test_files_are_read_as_one_and_standard_input_too(self):
        half = self.folder / "half.json"
        half.write_text(lines(ticket(second, f"http/{second}") for second in range(3)))
        rest = lines(ticket(second, f"http/{second}") for second in range(3, 30))
        (finding,), _ = self.findings(half, "-", input=rest)
        self.assertEqual(finding["at"], "2026-03-02T08:00:12.000Z")

    def test_findings_go_to_a_file_and_are_the_same_each_time(self):
        told = []
        for name in "a", "b":
            self.assertEqual(self.findings(self.events, "--json", self.folder / name)[0], [])
            told.append((self.folder / name).read_bytes())
        self.assertEqual(*told)
        self.assertTrue(told[0])

    def test_what_is_no_event_is_counted_and_passed_over(self):
        text = self.events.read_text()
        garbage = '{"timestamp":\n[]\n{}\n\n' + "x" * (2 << 20) + "\n"
        unknown = '{"timestamp":"2026-03-02T08:00:12.000Z","event_type":"new"}\n'
        self.events.write_text(garbage + text + unknown + '{"torn')
        found, told = self.findings(self.events)
        self.assertEqual(len(found), 1)
        self.assertIn("5 lines are no events", told)
        self.assertIn("31 events, 1 findings", told)

    def test_what_is_read_is_never_emptied(self):
        before = self.events.read_bytes()
        done = self.watch("read", self.events, "--json", self.events)
        self.assertEqual(done.returncode, 1)
        self.assertIn("what is read cannot be the output too", done.stderr)
        self.assertEqual(self.events.read_bytes(), before)

    def test_files_in_the_wrong_order_are_told(self):
        late = self.folder / "late.json"
        late.write_text(self.events.read_text().replace("T08:", "T03:"))
        _, told = self.findings(self.events, late)
        self.assertIn("30 events are from hours before others", told)

    def test_a_line_without_an_end_takes_no_memory(self):
        with open("/dev/zero", "rb") as zeros:
            reading = subprocess.Popen([WATCH, "read", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE)
            for _ in range(64):
                reading.stdin.write(zeros.read(1 << 20))
            reading.stdin.flush()
            status = pathlib.Path(f"/proc/{reading.pid}/status").read_text()
            reading.stdin.close()
            self.assertEqual(reading.wait(60), 0)
            told = reading.stderr.read()
            reading.stderr.close()
        self.assertIn(b"1 lines are no events", told)
        resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        self.assertLess(resident, 80 << 10)   # what is learned takes most of it

    def test_what_is_not_there_is_told_before_anything_is_written(self):
        out = self.folder / "out.json"
        done = self.watch("read", self.events, self.folder / "none.json", "--json", out)
        self.assertEqual(done.returncode, 1)
        self.assertIn("none.json: No such file or directory", done.stderr)
        self.assertFalse(out.exists())

    def test_a_full_disk_is_an_error(self):
        done = self.watch("read", self.events, "--json", "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)


if __name__ == "__main__":
    unittest.main()
