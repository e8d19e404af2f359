# SPDX-License-Identifier: Apache-2.0
"""`ward-watch segment` as its user meets it, and `ward-watch read --plan`."""
import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

WATCH = os.environ["WARD_WATCH"]
PLAN = """version = 1
[[zone]]
name = "offices"
networks = "10.1.0.0/24, fd00:1::/64"
[[zone]]
name = "pumps"
networks = "10.2.0.0/24, fd00:2::/64"
[[allow]]
from = "offices"
to = "pumps"
protocol = "tcp"
ports = "5000"
"""
BY_ROLE = PLAN.replace('networks = "10.2.0.0/24, fd00:2::/64"', 'roles = "infusion pump"')


def event(number, kind, members, **more):
    minute, second = divmod(number, 60)
    return {"timestamp": f"2026-03-02T08:{minute:02}:{second:02}.000000+0000", "event_type": kind,
            kind: members, **more}


def flow(number, client, server, port, answered=True):
    return event(number, "flow", {"pkts_toserver": 5, "pkts_toclient": 5 if answered else 0},
                 src_ip=client, src_port=40000 + number, dest_ip=server, dest_port=port, proto="TCP",
                 community_id=f"1:{number}")


def device(number, address, role):
    return event(number, "device", {"addresses": [address], "role": role})


def lines(events):
    return "".join(json.dumps(one) + "\n" for one in events)


class Segment(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.plan = self.folder / "plan.toml"
        self.plan.write_text(PLAN)

    def watch(self, *words, status=0, **options):
        words = [WATCH, *map(str, words)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def segment(self, *words, **options):
        return self.watch("segment", *words, **options)

    def test_help_has_examples(self):
        self.assertIn("Example: ward segment ", self.segment("--help").stdout)
        for command in "propose", "check", "matrix", "nftables":
            self.assertIn(f"Example: ward segment {command} ", self.segment(command, "--help").stdout)

    def test_what_is_proposed_allows_what_was_seen(self):
        day = [device(0, "10.2.0.9", "infusion pump")]
        day += [flow(1 + i, f"10.1.0.{i}", "10.2.0.9", 5000) for i in range(1, 10)]
        proposed = self.folder / "proposed.toml"
        told = self.segment("propose", "-", "--out", proposed, input=lines(day)).stderr
        self.assertIn("9 flows, 2 zones, 1 conversations proposed, 0 seen and not proposed", told)
        self.assertIn('name = "bedside"', proposed.read_text())
        done = self.segment("check", proposed, "-", input=lines(day))
        self.assertEqual(done.stdout, "")
        self.assertIn("9 flows, 0 outside the plan", done.stderr)

    def test_what_is_outside_is_counted_with_who_did_it(self):
        day = [flow(1, "10.1.0.7", "10.2.0.9", 5000), flow(2, "10.1.0.7", "10.2.0.9", 22),
               flow(3, "10.1.0.7", "10.2.0.8", 22, answered=False), {"event_type": "flow"}]
        done = self.segment("check", self.plan, "-", "--json", input=lines(day))
        (row,) = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((row["from"], row["to"], row["port"]), ("offices", "pumps", 22))
        self.assertEqual((row["flows"], row["answered"]), (2, 1))
        self.assertEqual(row["talkers"], [{"client": "10.1.0.7", "server": "10.2.0.9", "flows": 2}])
        self.assertEqual(row["events"], ["flow:1:2", "flow:1:3"])
        self.assertIn("3 flows, 2 outside the plan, 1 rows", done.stderr)
        self.assertIn("1 lines are no events", done.stderr)
        self.assertIn("offices to pumps, tcp 22: 2 flows", self.segment("check", self.plan, "-",
                                                                        input=lines(day)).stdout)

    def test_a_wrong_plan_is_told_by_its_line(self):
        self.plan.write_text(PLAN.replace('to = "pumps"', 'to = "pump"'))
        for command in (["check", self.plan, "-"], ["matrix", self.plan], ["nftables", self.plan]):
            told = self.segment(*command, status=1, input="").stderr
            self.assertIn("plan.toml:10: there is no zone pump; is pumps meant?", told)
        self.assertIn("plan.toml:10", self.watch("read", "-", "--plan", self.plan, status=1, input="").stderr)
        self.segment("matrix", self.folder / "none", status=1)
        self.segment("matrix", self.folder, status=1)

    def test_a_plan_is_not_overwritten_by_what_is_made_of_it(self):
        self.segment("matrix", self.plan, "--out", self.plan, status=1)
        self.assertEqual(self.plan.read_text(), PLAN)

    def test_the_matrix_is_for_people_and_for_spreadsheets(self):
        self.assertIn("| offices | | tcp 5000 | |\n", self.segment("matrix", self.plan).stdout)
        table = list(csv.DictReader(io.StringIO(self.segment("matrix", self.plan, "--csv").stdout)))
        self.assertEqual([row["from"] for row in table], ["offices", "pumps", "outside"])
        self.assertEqual([row["pumps"] for row in table], ["tcp 5000", "", ""])

    def test_roles_need_events_to_become_rules(self):
        self.plan.write_text(BY_ROLE)
        self.assertIn("zone pumps has roles", self.segment("nftables", self.plan, status=1).stderr)
        rules = self.segment("nftables", self.plan, "-",
                             input=lines([device(0, "10.2.0.9", "infusion pump")])).stdout
        self.assertIn("\t\t\t10.2.0.9,\n", rules)

    def test_flows_outside_the_plan_are_findings_that_are_quiet_alone(self):
        day = [flow(1, "10.1.0.7", "10.2.0.9", 22)]
        done = self.watch("read", "-", "--plan", self.plan, "--all", input=lines(day))
        (finding,) = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((finding["finding"], finding["systems"]), ("outside-plan", ["10.1.0.7", "10.2.0.9"]))
        self.assertEqual(finding["facts"][0]["usual"], "tcp 5000")
        done = self.watch("read", "-", "--plan", self.plan, input=lines(day))
        self.assertEqual(done.stdout, "")
        self.assertIn("1 cases are of too little risk", done.stderr)
        self.assertEqual(self.watch("read", "-", "--all", input=lines(day)).stdout, "")
        day.insert(0, device(0, "10.2.0.9", "infusion pump"))
        self.assertIn("outside-plan", self.watch("read", "-", "--plan", self.plan, input=lines(day)).stdout)


if __name__ == "__main__":
    unittest.main()
