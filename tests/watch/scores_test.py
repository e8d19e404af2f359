# SPDX-License-Identifier: Apache-2.0
"""tools/lab_scores.py over a day of the lab that Ward finds something in."""
import os
import pathlib
import subprocess
import sys
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "lab_scores.py"


class Scores(unittest.TestCase):
    def test_a_worm_is_found_in_each_of_its_days_and_nothing_else(self):
        words = [sys.executable, TOOL, "--ward", os.environ["WARD"], "--seeds", "7", "--scenario", "worm"]
        told = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertRegex(told.stdout, r"\| worm \| spread \| 1 of 1 \| \d+, \d+ \|")
        self.assertIn("| worm | 0.00, 0.00 | - |", told.stdout)


if __name__ == "__main__":
    unittest.main()
