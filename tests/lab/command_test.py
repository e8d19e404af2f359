# SPDX-License-Identifier: Apache-2.0
"""`ward lab` on the command line: same seed, same bytes; clear errors; nothing half made."""
import functools
import hashlib
import json
import pathlib
import resource
import signal
import tempfile
import unittest

import lab


scratch = tempfile.TemporaryDirectory()
unittest.addModuleCleanup(scratch.cleanup)


@functools.cache
def made(scenario, size, seed):
    """Made once, and only read by the tests."""
    return lab.make(scenario, pathlib.Path(scratch.name) / f"{scenario}-{size}-{seed}", size, seed)


def digests(folder):
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


class Asking(unittest.TestCase):
    def test_every_command_has_an_example(self):
        told = lab.run("--help").stdout
        commands = [line.split()[0] for line in told.partition("Subcommands:")[2].splitlines()
                    if line.startswith("  ")]
        self.assertEqual(commands, ["list", "make", "play", "truth", "score"])
        self.assertIn("Example: ward lab ", told)
        for command in commands:
            self.assertIn(f"Example: ward lab {command}", lab.run(command, "--help").stdout)


class Making(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_the_same_seed_gives_the_same_bytes_and_another_others(self):
        same = lab.make("malformed-feeds", self.folder / "same")
        self.assertEqual(digests(made("malformed-feeds", "small", 7)), digests(same))
        one, other = (digests(made("quiet", "clinic", seed)) for seed in (7, 8))
        for name in one:   # another day has pictures of other orders
            self.assertNotEqual(one[name], other.get(name), name)

    def test_a_practice_and_a_group_have_their_days_too(self):
        self.assertLess(len(lab.table_of(made("quiet", "clinic", 7))), 2_000)
        group = lab.make("quiet", self.folder / "g", "group")
        small = made("malformed-feeds", "small", 7)
        self.assertGreater(len(lab.table_of(group)), 2 * len(lab.table_of(small)))

    def test_what_is_there_is_not_written_over(self):
        folder = made("quiet", "clinic", 7)
        before = digests(folder)
        done = lab.run("make", "quiet", "--size", "clinic", "--out", folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is there already", done.stderr)
        self.assertEqual(digests(folder), before)

    def test_a_full_disk_leaves_nothing_half_made(self):
        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        done = lab.run("make", "quiet", "--size", "clinic", "--out", self.folder / "made",
                       preexec_fn=little_room)
        self.assertEqual(done.returncode, 1)
        self.assertIn("could not be written whole", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_scenario_that_is_none_is_told_with_those_that_are(self):
        done = lab.run("make", "nonsense", "--out", self.folder / "made")
        self.assertEqual(done.returncode, 1)
        self.assertIn("snooping", done.stderr)

    def test_a_mistake_in_a_scenario_is_told_with_its_line(self):
        head = 'name = "mine"\ntitle = "Mine"\n'
        step = ('[[step]]\nid = "a"\ndo = "look-up"\nat = "1d 10:00"\n'
                'who = "nurse"\nwhom = "neighbour"\nfind = "x"\n')
        file = self.folder / "mine.toml"
        for text, told in (
                (head + step.replace('at = "1d 10:00"\n', ""), "mine.toml:3: 'look-up' needs 'at'"),
                (head + step.replace("1d 10", "9d 10"), "mine.toml:6: 'a' is after the last day"),
                (head + step.replace("look-up", "dance"), "mine.toml:5: there is no deed 'dance'"),
                (head + step.replace("nurse", "king"), "mine.toml:7: 'who' is one of physician, "),
                (head + step + "screens = 2000000000\n", ":10: 'screens' is a whole number from 1 to 50"),
                (head + step + "charts = 3\n", "mine.toml:10: 'look-up' has no 'charts'; it has id, "),
                (head + step + "attack = true\n", "mine.toml:10: an attack needs 'within_minutes'"),
                (head + step + step, "mine.toml:11: two steps are called 'a'"),
                (head + step.replace("nurse", "vendor technician"),
                 "mine.toml:3: step 'a': in this hospital nobody could do that"),
                (head + "days = \n", "mine.toml:3: ")):
            file.write_text(text)
            done = lab.run("make", file, "--size", "clinic", "--out", self.folder / "made")
            self.assertEqual(done.returncode, 1, text)
            self.assertIn(told, done.stderr)
            self.assertEqual(list(self.folder.iterdir()), [file], "nothing was begun")
        file.write_text(head + step)
        lab.make(file, self.folder / "made", "clinic")


PRACTICE = """
name = "practice"
title = "A nurse is curious, a physician copies charts at night, and a clerk settles bills"
days = 2
size = "clinic"

[[step]]
id = "neighbour"
do = "look-up"
attack = true
at = "1d 10:20"
who = "nurse"
whom = "neighbour"
screens = 30
find = "insider-access"
within_minutes = 1440
technique = "T1213"

[[step]]
id = "copies"
do = "harvest"
attack = true
at = "1d 21:30"
who = "physician"
charts = 60
seconds_apart = 30
find = "bulk-access"
within_minutes = 60
technique = "T1213"

[[step]]
id = "bills"
do = "audit-round"
at = "2d 09:00"
who = "clerk"
charts = 40
find = "bulk-access"

[[step.must_not]]
action = "disable-account"
of = "own"
why = "it is this clerk's work"
"""


class Scoring(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        file = pathlib.Path(scratch.name) / "practice.toml"
        file.write_text(PRACTICE)
        cls.folder = lab.make(file, pathlib.Path(scratch.name) / "practice")

    def setUp(self):
        self.truth = lab.truth_of(self.folder)
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.findings = pathlib.Path(scratch.name) / "findings.ndjson"

    def score(self, findings):
        self.findings.write_text("".join(json.dumps(one) + "\n" for one in findings))
        done = lab.run("score", self.folder, "--findings", self.findings, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def attacks(self):
        return [step for step in self.truth["steps"] if step["attack"]]

    def look_alike(self):
        return next(step for step in self.truth["steps"] if not step["attack"])

    def test_who_finds_all_is_told_so(self):
        findings = [{"finding": step["finding"], "at": step["last"], "events": step["events"][:1]}
                    for step in self.attacks()]
        score = self.score(findings)
        self.assertEqual(score["missed"], [])
        self.assertEqual(sorted(score["found"]), sorted(step["id"] for step in self.attacks()))
        self.assertEqual(score["false_cases_per_day"], 0)
        self.assertEqual(score["must_not_done"], [])
        # Whoever looks into a chart goes on for as long as they like: a finding at the end took that long.
        lasted = {step["id"]: int((lab.instant(step["last"]) - lab.instant(step["first"])).total_seconds())
                  for step in self.attacks()}
        self.assertEqual(score["time_to_find_seconds"], lasted)

    def test_who_finds_nothing_misses_all(self):
        score = self.score([])
        self.assertEqual(score["found"], [])
        self.assertEqual(len(score["missed"]), len(self.attacks()))

    def test_a_look_alike_that_is_taken_for_an_attack_is_a_false_case(self):
        step = self.look_alike()
        found = {"finding": step["finding"], "at": step["last"], "events": step["events"]}
        score = self.score([found, {**found, "case": "c"}, {**found, "case": "c"}])
        self.assertEqual(score["found"], [])
        self.assertEqual(score["false_cases_per_day"], 1.0, "two cases in two days")
        self.assertEqual([(one["step"], one["action"], one["target"]) for one in score["must_not_done"]],
                         [("bills", "raise-case", "c"), ("bills", "raise-case", "line 1")])

    def test_what_must_not_be_done_and_was_is_told(self):
        step, clerk = self.look_alike(), self.look_alike()["people"][0]
        self.assertEqual([one["action"] for one in step["must_not"]],
                         ["raise-case", "disable-account"])
        attack = self.attacks()[0]
        found = {"finding": attack["finding"], "at": attack["last"], "events": attack["events"],
                 "actions": [{"action": "disable-account", "target": clerk},
                             {"action": "disable-account", "target": attack["people"][0]},
                             {"action": "isolate-device", "target": clerk}]}
        done = self.score([found, found])["must_not_done"]
        self.assertEqual([(one["step"], one["action"], one["target"], one["times"]) for one in done],
                         [("bills", "disable-account", clerk, 2)])
        self.assertEqual(done[0]["at"], attack["last"])
        told = lab.run("score", self.folder, "--findings", self.findings).stdout
        self.assertIn(f"must not be done: disable-account {clerk} (bills, ", told)
        self.assertIn("1 things done that must not be", told)

    def test_too_late_or_of_another_kind_is_not_found(self):
        step = self.attacks()[0]
        found = {"finding": step["finding"], "at": step["last"], "events": step["events"]}
        for change in ({"at": "2026-03-31T00:00:00.000Z"}, {"finding": "ransomware"}, {"events": ["audit:1"]},
                       {"events": [], "people": step["people"]}):
            self.assertIn(step["id"], self.score([{**found, **change}])["missed"], change)
        by_names = {**found, "events": [], "people": step["people"], "patients": step["patients"]}
        self.assertIn(step["id"], self.score([by_names])["found"])

    def test_a_line_that_is_no_finding_is_told_with_its_number(self):
        self.findings.write_text('\n{"finding": "x"}\n')
        done = lab.run("score", self.folder, "--findings", self.findings)
        self.assertEqual(done.returncode, 1)
        self.assertIn("findings.ndjson:2: ", done.stderr)

    def test_without_findings_wards_own_sensor_and_watch_look(self):
        folder = lab.make("worm", self.findings.parent / "worm", seed=7)
        done = lab.run("score", folder, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["found"], ["spread"])

    def test_without_frames_nobody_can_look(self):
        (self.findings.parent / "truth.json").write_text(json.dumps(self.truth))
        done = lab.run("score", self.findings.parent)
        self.assertEqual(done.returncode, 1)
        self.assertIn("network.pcap is not there", done.stderr)

    def test_the_truth_is_told_to_people(self):
        told = lab.run("truth", self.folder).stdout
        for step in self.truth["steps"]:
            self.assertIn(step["id"], told)
        self.assertIn("should not be found as", told)
        self.assertIn("must not  raise-case ", told)
        self.assertIn(f'must not  disable-account {self.look_alike()["people"][0]}: ', told)
        as_json = lab.run("truth", self.folder, "--json").stdout
        self.assertEqual(json.loads(as_json), self.truth)
        self.assertIn("no truth.json", lab.run("truth", self.folder.parent).stderr)


if __name__ == "__main__":
    lab.main()
