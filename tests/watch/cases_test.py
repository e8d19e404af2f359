# SPDX-License-Identifier: Apache-2.0
"""`ward-watch cases`, `case`, `verdict` and `window` as their user meets them."""
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import tempfile
import unittest

WATCH = os.environ["WARD_WATCH"]


def ticket(number, client="10.0.1.7", day=2):
    return {"timestamp": f"2026-03-{day:02}T08:00:{number:02}.000000+0000", "flow_id": number,
            "event_type": "krb5", "src_ip": client, "src_port": 50000 + number, "dest_ip": "10.0.0.1",
            "dest_port": 88, "proto": "TCP", "community_id": f"1:{client}:{number}", "app_proto": "krb5",
            "krb5": {"msg_type": "KRB_TGS_REP", "sname": f"http/{number}", "ticket_encryption": "rc4-hmac"}}


def upload(client, day=2):
    return ticket(59, client, day) | {"event_type": "flow", "dest_ip": "192.0.2.9",
                                      "flow": {"bytes_toserver": 20_000_000, "bytes_toclient": 1}}


def lines(events):
    return "".join(json.dumps(event) + "\n" for event in events)


class Cases(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.kept = self.folder / "kept"

    def run_watch(self, *words, status=0, **options):
        words = [WATCH, *map(str, words)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def watch(self, *words, **options):
        return self.run_watch(*words, "--in", self.kept, **options)

    def read(self, events):
        return self.run_watch("read", "-", "--keep", self.kept, input=lines(events)).stderr

    def roast(self, client="10.0.1.7", day=2):
        return [ticket(number, client, day) for number in range(30)]

    def cases(self, *words):
        done = self.watch("cases", "--json", *words)
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def count(self, sql):
        with contextlib.closing(sqlite3.connect(self.kept / "desk.db", timeout=30)) as database:
            return database.execute(sql).fetchone()[0]

    def story(self, number):
        return json.loads(self.watch("case", number, "--json").stdout)

    def test_help_has_examples(self):
        for command in "cases", "case", "verdict", "window":
            self.assertIn(f"Example: ward {command}", self.run_watch(command, "--help").stdout)

    def test_what_is_read_is_kept_once_and_listed(self):
        events = self.roast() + [upload("10.0.1.9")]
        self.assertIn("2 findings kept, 0 were there already", self.read(events))
        self.assertIn("0 findings kept, 2 were there already", self.read(events))
        (case,), told = self.cases()
        self.assertEqual((case["state"], case["kinds"], case["actors"]),
                         ("open", ["kerberoasting"], ["10.0.1.7"]))
        self.assertIn("1 cases are of too little risk", told)
        self.assertEqual([one["state"] for one in self.cases("--all")[0]], ["open", "below"])
        self.assertIn("kerberoasting", self.watch("cases").stdout)
        self.assertEqual(self.cases("--since", "24h")[0], [])

    def test_a_case_goes_on_in_what_is_read_later(self):
        self.read(self.roast())
        self.read([upload("10.0.1.7", day=3)])
        (case,), _ = self.cases("--all")
        self.assertEqual(case["kinds"], ["kerberoasting", "exfiltration"])

    def test_findings_come_as_ocsf_too(self):
        self.read(self.roast() + [upload("10.0.1.9")])
        found = [json.loads(line) for line in self.watch("cases", "--all", "--ocsf").stdout.splitlines()]
        self.assertEqual([one["finding_info"]["title"] for one in found], ["kerberoasting", "exfiltration"])
        self.assertEqual({one["class_uid"] for one in found}, {2004})
        self.assertEqual(self.watch("case", 1, "--ocsf").stdout, json.dumps(found[0], separators=(",", ":"),
                                                                            ensure_ascii=False) + "\n")
        self.watch("cases", "--ocsf", "--json", status=2)

    def test_a_story_has_facts_tactics_and_evidence(self):
        self.read(self.roast())
        (finding,) = self.story(1)["findings"]
        self.assertEqual(finding["tactics"], ["Credential Access"])
        self.assertEqual(len(finding["events"]), 13)
        told = self.watch("case", 1).stdout
        for text in ("kerberoasting", "usual: at most 12", "harmless if an inventory", "flow:1:10.0.1.7:0"):
            self.assertIn(text, told)
        self.watch("case", 7, status=1)

    def test_a_verdict_is_previewed_given_and_holds_for_what_comes(self):
        self.read(self.roast())
        sign = ["--reason", "the inventory", "--by", "eve"]
        told = self.watch("verdict", 1, "benign", "--preview").stdout
        self.assertIn("findings of the last 30 days that it would have hidden: 1\n", told)
        self.assertIn("finding 1 of case 1: kerberoasting by 10.0.1.7", told)
        self.assertEqual(self.cases()[0][0]["state"], "open")
        given = json.loads(self.watch("verdict", 1, "benign", *sign, "--json").stdout)
        self.assertEqual(given["changes"], [1])
        self.assertEqual(self.cases()[0], [])
        self.assertIn("1 are explained by what was said before", self.read(self.roast(day=9)))
        (case,), _ = self.cases("--all")
        self.assertEqual((case["state"], case["explained"]), ("benign", 2))
        self.assertIn("explained by verdict 1 (eve): the inventory", self.watch("case", 1).stdout)

    def test_a_verdict_needs_its_words(self):
        self.read(self.roast())
        self.watch("verdict", 1, "perhaps", status=2)
        self.assertIn("--reason", self.watch("verdict", 1, "benign", "--by", "eve", status=1).stderr)
        sign = ["--reason", "x", "--by", "eve"]
        self.assertIn("--until", self.watch("verdict", 1, "expected", *sign, status=1).stderr)
        too_long = self.watch("verdict", 1, "benign", "--until", "400d", *sign, status=1)
        self.assertIn("365 days", too_long.stderr)
        self.watch("verdict", 1, "expected", "--until", "30d", *sign)
        self.assertEqual(self.cases("--all")[0][0]["state"], "expected")

    def test_a_person_splits_and_joins(self):
        self.read(self.roast() + [upload("10.0.1.7")])
        sign = ["--reason", "the backup", "--by", "eve"]
        self.assertIn("finding 2 is case 2 now", self.watch("case", 1, "--split", 2, *sign).stderr)
        self.assertEqual([one["finding"] for one in self.story(2)["findings"]], ["exfiltration"])
        self.assertIn("case 1 now", self.watch("case", 2, "--join", 1, *sign).stderr)
        done = self.watch("case", 2)
        self.assertIn("case 2 is part of case 1", done.stderr)
        self.assertIn("finding 2 went from case 1 to case 2, by eve: the backup", done.stdout)
        self.assertEqual(len(self.story(1)["history"]), 2)
        self.watch("case", 1, "--split", 2, "--join", 2, *sign, status=2)
        self.watch("case", 1, "--by", "eve", status=1)

    def test_who_looks_at_a_case_is_named(self):
        self.read(self.roast())
        self.assertEqual(self.watch("escalate").stdout, "")
        self.watch("case", 1, "--acknowledge", "--by", "eve")
        self.assertEqual(self.cases()[0][0]["state"], "acknowledged")
        self.assertIn("acknowledged, by eve", self.watch("case", 1).stdout)

    def test_nobody_who_answers_is_escalated(self):
        self.read(self.roast())
        with sqlite3.connect(self.kept / "desk.db") as database:
            database.execute("UPDATE case_row SET told = told - 86400000000000")
            database.execute("UPDATE finding SET kept = kept - 86400000000000")
        self.assertIn("case 1 escalates to level 1", self.watch("escalate").stdout)
        self.assertEqual(self.watch("escalate").stdout, "")
        self.assertEqual(self.cases()[0][0]["level"], 1)

    def test_a_window_explains_and_ends(self):
        self.read(self.roast())
        sign = ["--reason", "change 4711", "--by", "eve"]
        told = self.watch("window", "add", "--host", "10.0.1.0/24", "--from", "2026-03-01", "--until",
                          "2026-03-09", *sign).stdout
        self.assertIn("findings of the last 30 days that it explains: 1\n", told)
        self.assertEqual(self.cases("--all")[0][0]["state"], "explained")
        self.assertIn("explained by window 1 (eve): change 4711", self.watch("case", 1).stdout)
        self.assertEqual(self.watch("window", "list").stdout, "", "it is over")
        self.assertIn("window 1: 10.0.1.0/24", self.watch("window", "list", "--all").stdout)
        self.assertIn("14 days", self.watch("window", "add", "--host", "10.0.1.7", "--until", "15d", *sign,
                                            status=1).stderr)
        self.watch("window", "add", "--host", "10.0.1.7", "--scanner", "--until", "300d", *sign)
        self.watch("window", "end", 2, "--reason", "gone", "--by", "eve")
        self.watch("window", "end", 2, "--reason", "gone", "--by", "eve", status=1)

    def test_declarations_come_from_a_file_too(self):
        self.read(self.roast())
        file = self.folder / "windows.toml"
        file.write_text('[[scanner]]\nhost = "10.0.1.7"\nkinds = "worm, kerberoasting"\n'
                        'from = "2026-01-01"\nuntil = "2026-12-31"\nreason = "audit"\nby = "eve"\n')
        self.assertIn("scanner 1: 10.0.1.7, worm, kerberoasting,", self.watch("window", "read", file).stdout)
        self.assertIn("1 were declared before", self.watch("window", "read", file).stderr)
        self.assertEqual(self.cases("--all")[0][0]["state"], "explained")
        for wrong in ('[[window]]\nhost = 7\n', '[[door]]\nhost = "x"\n', 'host = "x"\n',
                      '[[window]]\nhots = "x"\n', file.read_text().replace("2026-12-31", "8h")):
            file.write_text(wrong)
            self.assertIn("windows.toml", self.watch("window", "read", file, status=1).stderr)

    def test_what_is_over_for_long_is_forgotten(self):
        self.read(self.roast() + [upload("10.0.1.9")])
        with contextlib.closing(sqlite3.connect(self.kept / "desk.db", isolation_level=None)) as database:
            database.execute("UPDATE finding SET kept = kept - 100 * 86400000000000")
            database.execute("UPDATE case_row SET told = told - 100 * 86400000000000")
        forget = ["forget", "--cases", self.kept]
        self.assertIn("0 cases forgotten", self.run_watch(*forget).stderr)
        self.assertIn("1 cases forgotten, with 1 findings", self.run_watch(*forget, "--case-days", 99).stderr)
        self.assertEqual([case["state"] for case in self.cases("--all")[0]], ["open"])
        self.run_watch(*forget, "--in", self.kept, status=2)
        self.run_watch("forget", "--cases", self.folder / "none", status=1)

    def test_where_nothing_was_kept_nothing_is_made(self):
        self.assertIn("no cases were kept here", self.watch("cases", status=1).stderr)
        self.assertFalse(self.kept.exists())

    def test_a_reader_that_is_killed_leaves_nothing_half_and_nothing_doubled(self):
        events = self.folder / "events.json"
        hosts = [f"10.1.{number // 200}.{number % 200}" for number in range(600)]
        events.write_text(lines(event for host in hosts for event in self.roast(host)[:13]))
        self.read([])
        kept = 0
        for _ in range(6):
            reading = subprocess.Popen([WATCH, "read", events, "--keep", self.kept, "--json", os.devnull],
                                       stderr=subprocess.DEVNULL)
            before = kept
            while kept == before and reading.poll() is None:
                kept = self.count("SELECT count(*) FROM finding")
            reading.send_signal(signal.SIGKILL)
            reading.wait()
            kept = self.count("SELECT count(*) FROM finding")
        self.run_watch("read", events, "--keep", self.kept, "--json", os.devnull)
        self.assertEqual(self.count("SELECT count(*) FROM finding"), len(hosts))
        self.assertEqual(self.count("SELECT count(DISTINCT systems) FROM finding"), len(hosts))
        self.assertEqual(self.count("SELECT count(*) FROM case_row"), len(hosts))
        self.assertEqual(self.count("PRAGMA integrity_check"), "ok")


if __name__ == "__main__":
    unittest.main()
