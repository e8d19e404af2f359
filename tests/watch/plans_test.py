# SPDX-License-Identifier: Apache-2.0
"""A plan that is proposed from a quiet day of the lab, held against that day and a worm's."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

WARD = os.environ["WARD"]
SEED = 7


class Plans(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def ward(self, *words):
        words = [WARD, *map(str, words)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, f"seed {SEED}: {done.stderr}")
        return done

    def day(self, scenario):
        """What a day's network says, and who attacks in it."""
        made, events = self.folder / scenario, self.folder / f"{scenario}.json"
        self.ward("lab", "make", scenario, "--size", "small", "--seed", SEED, "--out", made)
        self.ward("sensor", "read", made / "network.pcap", "--json", events)
        steps = json.loads((made / "truth.json").read_text())["steps"]
        return events, {system for step in steps if step["attack"] for system in step["systems"]}

    def test_a_days_plan_allows_that_day_and_not_a_worm(self):
        quiet, _ = self.day("quiet")
        plan = self.folder / "plan.toml"
        told = self.ward("segment", "propose", quiet, "--out", plan).stderr
        zones, conversations = map(int, re.search(r"(\d+) zones, (\d+) conversations", told).groups())
        self.assertTrue(10 <= zones <= 50 and 20 <= conversations <= 150, f"seed {SEED}: {told}")
        told = self.ward("segment", "check", plan, quiet).stderr
        flows, outside = map(int, re.search(r"(\d+) flows, (\d+) outside", told).groups())
        self.assertLess(outside, flows / 100, f"seed {SEED}: few, of what was rare")

        worm, attackers = self.day("worm")
        told = self.ward("segment", "check", plan, worm, "--json").stdout
        rows = [json.loads(line) for line in told.splitlines()]
        self.assertGreater(sum(row["flows"] for row in rows), 4 * outside, f"seed {SEED}")
        swept = {talker["client"] for row in rows if row["port"] == 445 for talker in row["talkers"]}
        self.assertTrue(swept & attackers, f"seed {SEED}: {swept} and not {attackers}")
        told = self.ward("watch", "read", worm, "--plan", plan, "--all").stdout
        found = [json.loads(line) for line in told.splitlines()]
        outside_plan = {one["systems"][0] for one in found if one["finding"] == "outside-plan"}
        self.assertTrue(outside_plan & attackers, f"seed {SEED}: {outside_plan} and not {attackers}")


if __name__ == "__main__":
    unittest.main()
