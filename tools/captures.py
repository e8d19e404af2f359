#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs captures of others through the sensor and the watch, and prints what was found in each.

Example: tools/captures.py captures/
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

ENDINGS = (".pcap", ".pcap.gz", ".pcapng", ".pcapng.gz")


def captures_in(names):
    """The files that were named, and those in folders that were."""
    for name in names:
        path = pathlib.Path(name)
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (one for one in found if one.name.endswith(ENDINGS))


def found_in(ward, capture):
    """How many events there are, and the findings, shown or not."""
    sensor = subprocess.Popen([ward, "sensor", "read", capture], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    told = subprocess.run([ward, "watch", "read", "--all", "-"], stdin=sensor.stdout, capture_output=True,
                          text=True, check=True)
    sensor.stdout.close()
    if sensor.wait() != 0:
        raise SystemExit(f"{capture}: the sensor could not read it")
    events = int(told.stderr.split()[0])
    return events, [json.loads(line) for line in told.stdout.splitlines()]


def kinds(findings):
    return ", ".join(f"{kind} {count}" for kind, count
                     in sorted(collections.Counter(one["finding"] for one in findings).items())) or "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__.splitlines()[2])
    parser.add_argument("captures", nargs="+", help="files, or folders of them")
    parser.add_argument("--ward", default="build/release/bin/ward", help="the program")
    options = parser.parse_args()
    print("| capture | events | findings of shown cases | of others |\n|---|---|---|---|")
    for capture in captures_in(options.captures):
        print(capture, file=sys.stderr)
        events, findings = found_in(options.ward, capture)
        shown = [one for one in findings if one["risk"] >= 25]
        below = [one for one in findings if one["risk"] < 25]
        print(f"| {capture.name} | {events} | {kinds(shown)} | {kinds(below)} |")


if __name__ == "__main__":
    main()
