# SPDX-License-Identifier: Apache-2.0
"""Floods that never end: the sensor keeps to its memory, counts what it gave up, and reads on."""
import json
import os
import subprocess
import tempfile
import unittest

import sensor

FLOOD = os.environ.get("WARD_PACKET_FLOOD", "build/release/bin/packet_flood")
MEMORY_MIB = 256


class Floods(unittest.TestCase):
    def survive(self, kind, count):
        """The sensor reads the flood from a pipe; what --stats says of it, and the events."""
        with subprocess.Popen([FLOOD, kind, str(count)], stdout=subprocess.PIPE) as flood, \
                tempfile.TemporaryFile("w+") as errors, tempfile.NamedTemporaryFile("r") as told:
            words = [sensor.PROGRAM, "read", "-", "--memory-mib", str(MEMORY_MIB), "--stats",
                     "--json", told.name]
            reader = subprocess.Popen(words, stdin=flood.stdout, stderr=errors)
            flood.stdout.close()
            _, status, usage = os.wait4(reader.pid, 0)
            reader.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            said = errors.read()
            events = [json.loads(line) for line in told]
        self.assertEqual(reader.returncode, 0, said)
        self.assertEqual(flood.returncode, 0)
        self.assertLess(usage.ru_maxrss, MEMORY_MIB << 10, "KiB at most")
        return sensor.statistics(said), events

    def test_five_million_half_open_connections(self):
        said, events = self.survive("syns", 5_000_000)
        self.assertEqual(said["frames"], 5_000_000)
        self.assertEqual(said["flows"], 5_000_000)
        self.assertGreater(said["flows given up for memory"], 1_000_000)
        alone = [event for event in events if event["event_type"] == "flow"]
        together = [event["flood"] for event in events if event["event_type"] == "flood"]
        self.assertEqual(len(alone) + sum(flood["flows"] for flood in together), 5_000_000)
        self.assertLess(len(events), 100_000, "the flood drowns nothing")
        for flood in together:
            self.assertEqual(flood["targets"][0]["value"], "10.9.0.1")
            self.assertEqual(flood["target_ports"][0]["value"], 2575)

    def test_a_million_fragments_of_datagrams_that_never_end(self):
        said, _ = self.survive("fragments", 1_000_000)
        self.assertEqual(said["IP fragments"], 1_000_000)
        self.assertGreater(said["fragments given up, too many"], 900_000)

    def test_a_message_of_a_gibibyte(self):
        said, _ = self.survive("message", 1024)
        self.assertEqual(said["frames"], 1 + (1 << 30) // 32768)
        self.assertEqual(said["flows"], 1)
        self.assertLess(said["memory of flows at most, bytes"], 8 << 20)


if __name__ == "__main__":
    sensor.main()
