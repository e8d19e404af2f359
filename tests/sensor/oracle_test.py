# SPDX-License-Identifier: Apache-2.0
"""tshark counts what the sensor counts, for each conversation of each capture; or it is known why not."""
import pathlib
import shutil
import sys
import unittest

import explained
import oracle
import sensor

CAPTURES = sorted(path for path in sensor.CAPTURES.rglob("*") if ".pcap" in path.name)
TSHARK = pathlib.Path(shutil.which("tshark") or "/usr/bin/tshark")


class Oracle(unittest.TestCase):
    maxDiff = None


def agreement(capture):
    def test(self):
        tshark, ward = oracle.by_tshark(capture), oracle.by_ward(capture)
        different, repeated = oracle.differences(tshark, ward)
        name = capture.name.split(".")[0]
        self.assertEqual(different, explained.differences(name))
        self.assertEqual(len(repeated), explained.REPEATED.get(name, 0))
    return test


for each in CAPTURES:
    setattr(Oracle, "test_" + each.name.split(".")[0].replace("-", "_"), agreement(each))

if __name__ == "__main__":
    if not CAPTURES:
        print(f"SKIPPED: there are no captures in {sensor.CAPTURES}")
        sys.exit(77)
    sensor.main(needs=[TSHARK])
