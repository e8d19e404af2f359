# SPDX-License-Identifier: Apache-2.0
"""`ward-watch store` and `ward-watch events` as their user meets them, and an independent reader."""
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

WATCH = os.environ["WARD_WATCH"]
READER = pathlib.Path(__file__).parents[2] / "tools" / "read_events.py"


def event(second, **members):
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return {"timestamp": f"2026-03-02T{clock}.000000+0000", "event_type": "dns", "flow_id": second,
            "src_ip": f"10.0.{second % 7}.{second % 250}", "src_port": 50000, "dest_ip": "10.9.0.1",
            "dest_port": 53, "proto": "UDP", "community_id": f"1:{second}", "app_proto": "dns",
            "dns": {"rrname": f"host{second % 100}.example"}, **members}


def lines(events):
    return "".join(json.dumps(one) + "\n" for one in events)


class Keeping(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.kept = self.folder / "kept"
        self.events = self.folder / "events.json"
        self.all = [event(second) for second in range(5000)]
        self.events.write_text(lines(self.all))

    def watch(self, *words, status=0, **options):
        words = [WATCH, *map(str, words)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def store(self, *files, **options):
        return self.watch("store", *(files or [self.events]), "--in", self.kept, **options).stderr

    def find(self, query, *words, **options):
        done = self.watch("events", query, "--in", self.kept, "--json", *words, **options)
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def test_help_has_examples(self):
        self.assertIn("Example: ward events ", self.watch("events", "--help").stdout)
        self.assertIn("Example: ward watch store ", self.watch("store", "--help").stdout)

    def test_what_was_stored_is_found_the_newest_first(self):
        self.assertIn("5000 events stored", self.store())
        found, told = self.find("dns.rrname = host7.example")
        wanted = [one for one in reversed(self.all) if one["dns"]["rrname"] == "host7.example"]
        self.assertEqual(found, wanted)
        self.assertEqual(told, "")
        self.assertEqual(self.find("dns.rrname = host100.example"), ([], ""))

    def test_a_line_for_people_says_the_most_telling(self):
        self.store()
        shown = self.watch("events", "flow_id = 61", "--in", self.kept).stdout
        self.assertEqual(shown, "2026-03-02T00:01:01.000000+0000 dns 10.0.5.61:50000 -> 10.9.0.1:53"
                                " host61.example\n")

    def test_pages_follow_one_another(self):
        self.store()
        found, words = [], []
        while True:
            page, told = self.find("dest_port = 53", "--limit", 999, *words)
            found += page
            if not told:
                break
            words = ["--after", told.split()[-1]]
        self.assertEqual(found, self.all[::-1])

    def test_times_bound_what_is_found(self):
        self.store()
        found, _ = self.find("", "--since", "2026-03-02T00:10:00Z", "--until", "2026-03-02T00:10:02Z")
        self.assertEqual([one["flow_id"] for one in found], [601, 600])
        self.assertEqual(self.find("", "--since", "1h")[0], [])

    def test_a_file_that_is_stored_again_or_has_grown_adds_only_what_is_new(self):
        whole = self.events.read_text() + lines([event(6000)])
        self.events.write_text(whole[:-20])
        self.assertIn("5000 events stored\nward-watch: 1 lines are no events", self.store())
        self.assertIn("0 events stored\nward-watch: 5000 were there already", self.store())
        self.events.write_text(whole)
        self.assertIn("1 events stored\nward-watch: 5000 were there already", self.store())
        with open(self.events) as stream:
            self.assertIn("0 events stored", self.store("-", stdin=stream))
        self.assertEqual(len(self.find("", "--limit", 10000)[0]), 5001)

    def test_what_is_no_event_is_counted_and_passed_over(self):
        self.events.write_text('garbage\n\n{"timestamp":1}\n' + "x" * (2 << 20) + "\n" + lines(self.all[:3]))
        self.assertIn("3 events stored\nward-watch: 3 lines are no events", self.store())

    def test_a_query_that_is_wrong_says_where(self):
        self.store()
        done = self.watch("events", "ip = 10.0.0.1 annd x = 1", "--in", self.kept, status=1)
        self.assertEqual(done.stderr, "ward-watch: the query, character 15: `and`, `or` or the end expected,"
                                      " not `annd`\n")
        self.watch("events", "--since", "noon", "--in", self.kept, status=1)
        self.watch("events", "--after", "noon", "--in", self.kept, status=1)
        self.watch("events", "--in", self.folder / "none", status=1)

    def test_a_name_that_no_event_has_is_told(self):
        self.store()
        found, told = self.find("dns.rname = host7.example")
        self.assertEqual(found, [])
        self.assertEqual(told, "ward-watch: none of the newest events has dns.rname; is dns.rrname meant?\n")

    def test_a_damaged_block_is_told_of_and_the_rest_is_found(self):
        self.store()
        (day,) = self.kept.glob("events-*.db")
        with sqlite3.connect(day) as database:
            database.execute("UPDATE block_bytes SET bytes = zeroblob(500) WHERE id = (1 << 32) + 2")
        database.close()
        found, told = self.find("", "--limit", 10000, status=1)
        self.assertEqual(len(found), 5000 - 1024)
        self.assertIn("block 4294967298: a block ", told)

    def test_an_independent_reader_agrees(self):
        more = [event(second, event_type="flow", src_ip=f"2001:db8::{second + 1:x}")
                for second in range(9000)]
        self.events.write_text(lines(sorted(self.all + more, key=lambda one: one["timestamp"])))
        self.store()
        read = subprocess.run([sys.executable, READER, self.kept, "--check"], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(read.returncode, 0, read.stderr)
        found = self.watch("events", "", "--in", self.kept, "--json", "--limit", 20000).stdout
        self.assertEqual(read.stdout, found)
        self.assertEqual(len(found.splitlines()), 14000)

    def test_what_is_kept_no_more_is_forgotten(self):
        self.store()
        self.assertIn("1 days forgotten", self.watch("forget", "--in", self.kept, "--flow-days", 1,
                                                     "--protocol-days", 1, "--alarm-days", 1).stderr)
        self.assertEqual(list(self.kept.glob("events-*")), [])

    def test_a_full_disk_is_an_error(self):
        self.store()
        with open("/dev/full", "w") as full:
            done = subprocess.run([WATCH, "events", "--in", self.kept], stdout=full, stderr=subprocess.PIPE,
                                  text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)

    def device(self, second, name, **about):
        return event(second, event_type="device", device={"what": "new", "id": "10.0.1.1", "name": name,
                                                          "addresses": ["10.0.1.1", "10.0.1.2"]} | about)

    def known(self, command, *words):
        done = self.watch(command, *words, "--in", self.kept, "--json")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_devices_are_listed_with_what_they_are_and_when_they_were_seen(self):
        self.events.write_text(lines([self.device(10, "pump", role="infusion-pump"),
                                      event(4000, src_ip="10.0.1.2")]))
        self.store()
        (pump,) = self.known("devices", "role = infusion-pump")
        self.assertEqual((pump["name"], pump["first"], pump["last"]),
                         ("pump", "2026-03-02T00:00:10.000000+0000", "2026-03-02T01:06:40.000000+0000"))
        self.assertEqual(self.known("devices", "role = server"), [])
        table = self.watch("devices", "--in", self.kept).stdout
        self.assertRegex(table, r"pump +10\.0\.1\.1 \+1 +infusion-pump")

    def test_a_device_that_changed_is_known_as_it_is_now_also_by_another_writer(self):
        for second, name in (10, "pump"), (4000, "pump-7"), (2000, "told late"):
            one = self.folder / f"events-{second}.json"
            one.write_text(lines([self.device(second, name)]))
            self.store(one)
        (pump,) = self.known("devices")
        self.assertEqual((pump["name"], pump["first"][11:19], pump["last"][11:19]),
                         ("pump-7", "00:00:10", "01:06:40"))

    def test_people_are_listed_with_where_they_were_last(self):
        self.events.write_text(lines(
            event(1000 + second, src_ip=f"10.0.0.{second % 12}", event_type="smb",
                  smb={"ntlmssp": {"user": "c0ffee"}}) for second in range(30)))
        self.store()
        (person,) = self.known("people", "hosts = 10.0.0.5")
        self.assertEqual(person["name"], "c0ffee")
        self.assertEqual(person["hosts"][-1], "10.0.0.5")
        self.assertEqual(len(person["hosts"]), 8)
        self.assertIn("c0ffee", self.watch("people", "--in", self.kept).stdout)

    def test_who_was_not_seen_for_long_is_forgotten(self):
        self.events.write_text(lines([self.device(10, "pump")]))
        self.store()
        self.watch("forget", "--in", self.kept, "--known-days", 36500)
        self.assertEqual(len(self.known("devices")), 1)
        self.watch("forget", "--in", self.kept, "--known-days", 1)
        self.assertEqual(self.known("devices"), [])


if __name__ == "__main__":
    unittest.main()
