# SPDX-License-Identifier: Apache-2.0
"""What watch knows is kept over a restart: cut anywhere, a day has the same findings."""
import json
import os
import pathlib
import random
import subprocess
import tempfile
import unittest

WARD = os.environ["WARD"]


class Restart(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        made = cls.folder / "made"
        subprocess.run([WARD, "lab", "make", "rogue-device", "--size", "small", "--out", made], check=True,
                       capture_output=True, timeout=200)
        read = subprocess.run([WARD, "sensor", "read", made / "network.pcap"], check=True, timeout=200,
                              capture_output=True)
        cls.events = read.stdout.splitlines(keepends=True)

    def watch(self, events, *words, status=0):
        words = [WARD, "watch", "read", "--all", "--seed", "7", "-", *map(str, words)]
        done = subprocess.run(words, input=b"".join(events), capture_output=True, timeout=200)
        self.assertEqual(done.returncode, status, done.stderr.decode())
        findings = [json.loads(line) for line in done.stdout.splitlines()]
        # Whether it is shown depends on what comes later, which the first half does not know.
        return [{key: value for key, value in one.items() if key not in ("risk", "at", "concluded")}
                for one in findings], done.stderr.decode()

    def test_a_day_that_is_cut_anywhere_has_the_same_findings(self):
        whole, _ = self.watch(self.events)
        self.assertGreater(len(whole), 5)
        seed = random.randrange(2 ** 32)
        print(f"seed {seed}")
        dice = random.Random(seed)
        for part in range(3):
            cut = dice.randrange(len(self.events))
            state = self.folder / f"state-{part}"
            before, _ = self.watch(self.events[:cut], "--state", state)
            after, _ = self.watch(self.events[cut:], "--state", state)
            self.assertEqual(before + after, whole, f"cut at {cut}")

    def test_a_damaged_state_is_an_error_that_says_what_to_do(self):
        state = self.folder / "damaged"
        self.watch(self.events[:5_000], "--state", state)
        damaged = bytearray(state.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        state.write_bytes(damaged)
        _, told = self.watch([], "--state", state, status=1)
        self.assertIn("damaged; without the file all is learned anew", told)
        state.write_bytes(damaged[:10])
        self.watch([], "--state", state, status=1)


if __name__ == "__main__":
    unittest.main()
