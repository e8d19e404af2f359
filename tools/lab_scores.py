#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes scenarios of the lab with many seeds, lets Ward find what happens in them, and prints what it found.

Example: tools/lab_scores.py --seeds 11-20 --scenario worm --scenario kerberoast
"""
import argparse
import collections
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

# Those that the network tells of; a group of hospitals where three are needed.
SCENARIOS = {"kerberoast": "small", "lab-silent": "small", "malformed-feeds": "small",
             "partner-lost": "small", "quiet": "small", "ransomware-share": "small", "rogue-device": "small",
             "rogue-dicom-hl7": "small", "share-theft": "small", "stolen-laptop": "small",
             "vendor-first-site": "group", "worm": "small", "conti": "small"}


def seeds(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def score(ward, scenario, size, seed, folder):
    """What `ward lab score` says of one made day, or days; they are removed again, being large."""
    made = folder / f"{scenario}-{seed}"
    lab = [ward, "lab"]
    subprocess.run([*lab, "make", scenario, "--size", size, "--seed", str(seed), "--out", made],
                   check=True, capture_output=True)
    told = subprocess.run([*lab, "score", made, "--json"], check=True, capture_output=True, text=True)
    shutil.rmtree(made)
    return json.loads(told.stdout)


def print_table(scores):
    print("| scenario | step | found | seconds to find, median and most |\n|---|---|---|---|")
    for scenario, all_of_it in scores.items():
        times = collections.defaultdict(list)
        for one in all_of_it:
            for step in one["found"]:
                times[step].append(one["time_to_find_seconds"][step])
            for step in one["missed"]:
                times.setdefault(step, [])
        for step, found in sorted(times.items()):
            when = f"{statistics.median(found):.0f}, {max(found)}" if found else "-"
            print(f"| {scenario} | {step} | {len(found)} of {len(all_of_it)} | {when} |")
    print("\n| scenario | false cases a day, mean and most | look-alikes taken for an attack |")
    print("|---|---|---|")
    for scenario, all_of_it in scores.items():
        false = [one["false_cases_per_day"] for one in all_of_it]
        alike = collections.Counter(step for one in all_of_it
                                    for step in {ban["step"] for ban in one["must_not_done"]})
        told = ", ".join(f"{step} {times}" for step, times in sorted(alike.items())) or "-"
        print(f"| {scenario} | {statistics.mean(false):.2f}, {max(false):.2f} | {told} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__.splitlines()[2])
    parser.add_argument("--ward", default="build/release/bin/ward", help="the program")
    parser.add_argument("--seeds", type=seeds, default=seeds("1-10"), metavar="FIRST-LAST")
    parser.add_argument("--scenario", action="append", choices=SCENARIOS,
                        help="this one; more than once for more")
    parser.add_argument("--in", dest="folder", help="a folder with room for 40 GB, if conti is among them")
    options = parser.parse_args()
    scores = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for scenario in options.scenario or [name for name in SCENARIOS if name != "conti"]:
            scores[scenario] = []
            for seed in options.seeds:
                print(f"{scenario}, seed {seed}", file=sys.stderr)
                scores[scenario].append(score(options.ward, scenario, SCENARIOS[scenario], seed,
                                              pathlib.Path(folder)))
    print_table(scores)


if __name__ == "__main__":
    main()
