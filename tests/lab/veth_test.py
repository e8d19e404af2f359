# SPDX-License-Identifier: Apache-2.0
"""A practice's day as frames onto an interface, where the sensor listens."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import lab

SENSOR = os.path.join(os.environ.get("WARD_BIN", ""), "ward-sensor")
NAMESPACE = ["unshare", "--map-root-user", "--net"]


# What a practice's day can hold.
SCENARIO = """
name = "mine"
title = "A program calls home"
size = "clinic"
[[step]]
id = "calls"
do = "call-home"
attack = true
at = "1d 08:00"
who = "nurse"
minutes = 240
find = "beacon"
within_minutes = 60
technique = "T1071.001"
"""


class OntoAnInterface(unittest.TestCase):
    """The test itself runs in a network namespace of its own, with a pair of interfaces."""

    @classmethod
    def setUpClass(cls):
        for words in (("add", "here", "type", "veth", "peer", "name", "there"),
                      ("set", "here", "up"), ("set", "there", "up")):
            subprocess.run(["ip", "link", *words], check=True)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_the_sensor_hears_what_the_truth_names(self):
        events, truth = self.folder / "events.json", self.folder / "truth.json"
        sensor = subprocess.Popen([SENSOR, "listen", "there", "--json", events],
                                  stderr=subprocess.PIPE, text=True)
        self.addCleanup(sensor.stderr.close)
        self.addCleanup(sensor.kill)
        self.assertIn("listening", sensor.stderr.readline())
        scenario = self.folder / "mine.toml"
        scenario.write_text(SCENARIO)
        played = lab.run("play", scenario, "--speed", 5760, "--onto", "here", "--truth", truth)
        self.assertEqual(played.returncode, 0, played.stderr)
        sent = int(re.search(r"(\d+) frames", played.stdout)[1])
        self.assertGreater(sent, 40_000)
        sensor.send_signal(signal.SIGINT)
        heard = int(re.search(r'"packets":(\d+)', sensor.stderr.read())[1])
        self.assertEqual(sensor.wait(60), 0)
        # The interface between them has a short queue, and the day takes fifteen seconds.
        self.assertGreater(heard, sent * 0.9)
        told = {event["community_id"] for line in events.read_text().splitlines()
                if "community_id" in (event := json.loads(line))}
        for step in json.loads(truth.read_text())["steps"]:
            flows = [one.removeprefix("flow:") for one in step["events"] if one.startswith("flow:")]
            self.assertGreater(len(told & set(flows)), len(set(flows)) * 0.9, step["id"])

    def test_an_interface_whose_queue_stays_full_is_given_up(self):
        queue = ["tc", "qdisc", "add", "dev", "here", "root", "pfifo", "limit", "0"]
        subprocess.run(queue, check=True)
        self.addCleanup(subprocess.run, [*queue[:2], "del", *queue[3:6]], check=True)
        played = lab.run("play", "quiet", "--size", "clinic", "--speed", "max", "--onto", "here",
                         "--patience", 1)
        self.assertEqual(played.returncode, 1)
        self.assertIn("here: its queue stays full", played.stderr)
        self.assertIn("and 0 frames", played.stdout)

    def test_an_interface_that_is_down_is_told(self):
        subprocess.run(["ip", "link", "set", "here", "down"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "set", "here", "up"], check=True)
        played = lab.run("play", "quiet", "--size", "clinic", "--speed", "max", "--onto", "here")
        self.assertEqual(played.returncode, 1)
        self.assertIn("ip link set here up", played.stderr)

    def test_an_interface_that_is_not_there_is_named(self):
        played = lab.run("play", "quiet", "--size", "clinic", "--onto", "nowhere")
        self.assertEqual(played.returncode, 1)
        self.assertIn("there is no interface 'nowhere'", played.stderr)


if __name__ == "__main__":
    if os.environ.get("WARD_IN_NAMESPACE") != "yes":
        tried = subprocess.run([*NAMESPACE, "true"], capture_output=True, text=True)
        if tried.returncode != 0:
            print(f"SKIPPED: no network namespace can be made: {tried.stderr}")
            sys.exit(77)
        os.environ["WARD_IN_NAMESPACE"] = "yes"
        os.execvp(NAMESPACE[0], [*NAMESPACE, sys.executable, *sys.argv])
    lab.main()
