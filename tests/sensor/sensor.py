# SPDX-License-Identifier: Apache-2.0
"""Runs ward-sensor and reads what it says; finds the captures that the tests share."""
import collections
import json
import os
import pathlib
import subprocess
import sys
import unittest

PROGRAM = pathlib.Path(os.environ.get("WARD_SENSOR", "build/release/bin/ward-sensor"))
SOURCE = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = pathlib.Path(os.environ.get("WARD_SHARED_DATA", SOURCE.parent / "shared" / "data")) / "pcap"

Run = collections.namedtuple("Run", "events output errors status")


def read(*captures, options=(), given=None):
    """`ward-sensor read`, with `given` as its standard input."""
    words = [PROGRAM, "read", *options, *captures]
    done = subprocess.run(words, input=given, capture_output=True, check=False)
    return Run([json.loads(line) for line in done.stdout.splitlines()], done.stdout, done.stderr.decode(),
               done.returncode)


def statistics(errors):
    """The table of --stats as a dictionary."""
    lines = (line.rsplit(None, 1) for line in errors.splitlines())
    return {words[0].strip(): int(words[1]) for words in lines if len(words) == 2 and words[1].isdigit()}


def of_type(events, event_type):
    """What those events say, each with the ends of its conversation."""
    for event in events:
        if event["event_type"] == event_type:
            yield event, event[event_type]


def count(values):
    return dict(collections.Counter(values))


def main(needs=()):
    """Runs the test that the command line names, or says which of what it needs is missing (exit 77)."""
    for need in needs:
        if not need.exists():
            print(f"SKIPPED: there is no {need}")
            sys.exit(77)
    unittest.main(verbosity=2)
