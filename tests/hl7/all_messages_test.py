#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every message of the public collections becomes resources that stand on their own.

`all_messages_test.py MAP_MESSAGES [FOLDER]`. Exits with 77 where the folder is absent.
"""
import collections, json, os, pathlib, re, subprocess, sys

SKIPPED = 77
REFUSED_MAX = 2   # fragments without a field separator: no receiver can read them
# FHIR R4, datatypes.html: what these may say.
DATE_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?")
REQUIRED = {   # R4: elements with cardinality 1..
    "Appointment": ("status", "participant"), "Condition": ("subject",),
    "Coverage": ("status", "beneficiary", "payor"),
    "DiagnosticReport": ("status",), "DocumentReference": ("status",), "Encounter": ("status", "class"),
    "EpisodeOfCare": ("status", "patient"), "Immunization": ("status", "patient"),
    "MedicationRequest": ("status", "intent"), "MessageHeader": ("eventCoding",), "Observation": ("status",),
    "Procedure": ("status", "subject"), "RelatedPerson": ("patient",), "ServiceRequest": ("status", "intent"),
}


def walk(value, path=""):
    yield path, value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from walk(member, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, path)


def complaints(mapped):
    known = {f"{r['resourceType']}/{r['id']}" for r in mapped["resources"]}
    if len(set(mapped["identities"])) != len(mapped["identities"]):
        yield "an identity twice"
    for resource in mapped["resources"]:
        here = resource["resourceType"]
        contained = {f"#{r['id']}" for r in resource.get("contained", ())}
        for name in REQUIRED.get(here, ()):
            if name not in resource:
                yield f"{here} without {name}"
        for path, value in walk(resource):
            if value in ("", {}, []):
                yield f"{here}{path} is empty"
            if path.endswith(".reference") and value not in known | contained:
                yield f"{here}{path} leads nowhere"
            is_date = re.search(r"(DateTime|issued|period\.(start|end)|birthDate)$", path)
            if is_date and isinstance(value, str) and not DATE_TIME.fullmatch(value):
                yield f"{here}{path} is no date"
            if path.endswith("system") and isinstance(value, str) and re.search(r"\s", value):
                yield f"{here}{path} is no URI"


def main():
    beside = pathlib.Path(__file__).resolve().parents[2].parent / "shared/data"
    shared = os.environ.get("WARD_SHARED_DATA", beside)
    folder = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(shared) / "hl7/messages")
    files = sorted(str(f) for f in folder.glob("*") if f.is_file())
    if not files:
        print(f"skipped: no messages in {folder}")
        return SKIPPED
    ran = subprocess.run([sys.argv[1], *files], check=True, capture_output=True, text=True)
    lines = ran.stdout.splitlines()
    refused, found, kinds = 0, collections.Counter(), collections.Counter()
    for line in lines:
        mapped = json.loads(line)
        if "refused" in mapped:
            refused += 1
            continue
        kinds.update(r["resourceType"] for r in mapped["resources"])
        for complaint in complaints(mapped):
            found[complaint] += 1
            print(f"{pathlib.Path(mapped['file']).name}: {complaint}")
    print(f"{len(lines)} messages in {len(files)} files, {refused} refused, {sum(kinds.values())} resources")
    return 1 if found or refused > REFUSED_MAX or len(lines) < len(files) - REFUSED_MAX else 0


if __name__ == "__main__":
    sys.exit(main())
