# SPDX-License-Identifier: Apache-2.0
"""The lab as its users run it."""
import contextlib
import csv
import datetime
import email
import email.policy
import json
import mailbox
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ.get("WARD_LAB", "ward-lab")


def run(*words, **more):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=500, **more)


def make(scenario, folder, size=None, seed=7):
    chosen = ["--size", size] if size else []   # else the scenario's own
    done = run("make", scenario, *chosen, "--seed", seed, "--out", folder)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return pathlib.Path(folder)


def scenarios():
    return [one["name"] for one in json.loads(run("list", "--json").stdout)]


def truth_of(folder):
    return json.loads((folder / "truth.json").read_text())


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def messages_of(folder):
    framed = (folder / "hl7.mllp").read_bytes().decode(errors="surrogateescape")
    return [one.removeprefix("\x0b") for one in framed.split("\x1c\r") if one]


def table_of(folder):
    with open(folder / "access.csv", newline="") as file:
        return list(csv.DictReader(file))


def events_of(folder):
    return [json.loads(line) for line in (folder / "AuditEvent.ndjson").read_text().splitlines()]


def letters_of(folder):
    def parse(file):
        return email.message_from_binary_file(file, policy=email.policy.default)
    with contextlib.closing(mailbox.mbox(folder / "mail.mbox", factory=parse)) as box:
        return list(box)


def uses_of_files(folder):
    return [json.loads(line) for line in (folder / "files.ndjson").read_text().splitlines()]


class Made(unittest.TestCase):
    """One scenario for all tests of a class."""
    scenario = "snooping"
    size = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = make(cls.scenario, pathlib.Path(cls.scratch.name) / "made", cls.size)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()


def main(needs=()):
    for tool in needs:
        if not pathlib.Path(tool).exists():
            print(f"SKIPPED: there is no {tool}; ./dev deps installs it")
            sys.exit(77)
    unittest.main(verbosity=1)
