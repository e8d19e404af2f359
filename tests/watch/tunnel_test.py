# SPDX-License-Identifier: Apache-2.0
"""A tunnel that others captured, through the sensor and watch."""
import json
import os
import pathlib
import subprocess
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("WARD_SHARED_DATA", SOURCE.parent / "shared" / "data"))
IODINE = DATA / "pcap" / "dns" / "dns-tunnel-iodine.pcap"


class Tunnel(unittest.TestCase):
    @unittest.skipUnless(IODINE.exists(), f"there is no {IODINE}")
    def test_of_iodine_is_found(self):
        events = subprocess.run([os.environ["WARD_SENSOR"], "read", IODINE], capture_output=True, timeout=60,
                                check=True).stdout
        told = subprocess.run([os.environ["WARD_WATCH"], "read", "--all", "-"], input=events,
                              capture_output=True, timeout=60, check=True).stdout
        found = [json.loads(line) for line in told.splitlines()]
        self.assertEqual([one["finding"] for one in found], ["dns-tunnel"])
        self.assertEqual(found[0]["systems"], ["10.0.2.30", "pirate.sea"])
        self.assertEqual(found[0]["confidence"], 75, "it asks for NULL")


if __name__ == "__main__":
    unittest.main()
