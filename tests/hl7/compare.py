#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Ward makes of HL7 v2 messages, held against what another converter made of them.

`compare.py MAP_MESSAGES [FOLDER] [--floor PERCENT] [--list]`: FOLDER holds pairs x.hl7 and x.fhir. Each leaf
of each expected resource is looked for at the same path in Ward's best counterpart. docs/hl7-mapping.md says
what the classes are. Exits with 77 where the folder is absent, with 1 below the floor.
"""
import argparse, collections, datetime, decimal, json, os, pathlib, re, subprocess, sys

SKIPPED = 77
# What identifies and describes a copy, and what only the other converter's users know.
DROPPED = ("extension", "modifierExtension", "id", "meta")


def leaves(value, path=""):
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in DROPPED and not name.startswith("_"):
                yield from leaves(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    elif value is not None:
        yield path, value


def spelled(value):
    """Equal values as equal text: times by their moment, numbers by their size."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float, decimal.Decimal)):
        return str(decimal.Decimal(str(value)).normalize())
    text = value.strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", text):
        moment = datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.replace("Z", "+00:00")))
        return moment.astimezone(datetime.timezone.utc).isoformat()
    return text


def kind(reference):
    return reference.partition("/")[0]


class Side:
    """The resources of one bundle, by the names that they refer to each other with."""

    def __init__(self, resources):
        self.resources = resources
        self.names = [f"{r['resourceType']}/{r.get('id', '')}" for r in resources]
        self.leaves = [[(p, v if p.endswith("reference") else spelled(v)) for p, v in leaves(r)
                        if p != "resourceType"] for r in resources]

    def references(self, index):
        return [v for p, v in self.leaves[index] if p.endswith("reference")]


ACTORS = ("Organization", "Device", "Location", "Practitioner", "PractitionerRole")
OWN = "Provenance, and who is named only there: the vault writes its own"
EXTENSION = "who is named only in an extension of the other converter's own"
EMPTY = "a resource without content, or a reference to one"
SOURCE = "the message was made from the resource, and does not say this"


def set_apart(side):
    """Resources that no compared element leads to, each with the class that this is."""
    users = collections.defaultdict(set)
    for i in range(len(side.resources)):
        for name in side.references(i):
            users[name].add(i)
    found = {i: OWN for i, r in enumerate(side.resources) if r["resourceType"] == "Provenance"}
    changed = True
    while changed:
        changed = False
        for i, name in enumerate(side.names):
            if i not in found and side.resources[i]["resourceType"] in ACTORS and users[name] <= found.keys():
                causes = {found[u] for u in users[name]}
                found[i] = OWN if causes == {OWN} else EXTENSION
                changed = True
    return found


def counterparts(theirs, ours):
    """For each of their resources, the one of ours that has most of it."""
    found, used = {}, collections.Counter()

    def bag_of(leaves_of_one):
        return collections.Counter((p, kind(v) if p.endswith("reference") else v) for p, v in leaves_of_one)

    bags = [bag_of(l) for l in ours.leaves]
    for i, resource in sorted(enumerate(theirs.resources), key=lambda e: -len(theirs.leaves[e[0]])):
        bag = bag_of(theirs.leaves[i])
        options = [j for j, r in enumerate(ours.resources) if r["resourceType"] == resource["resourceType"]]
        if options:
            found[i] = max(options, key=lambda j: (sum((bag & bags[j]).values()), -used[j],
                                                   -sum(bags[j].values()), -j))
            used[found[i]] += 1
    return found


def same_system(theirs, ours):
    """Two names of one code system."""
    table = re.compile(r".*v2-(\d{4})|HL7(\d{4})")
    a, b = table.fullmatch(theirs), table.fullmatch(ours)
    return bool(a and b) and (a[1] or a[2]) == (b[1] or b[2])


def says(message, value):
    """Does a part of the message say just this, in its own spelling of times and numbers?"""
    parts = {p.strip().lower() for p in re.split(r"[|^~&\r\n]", message)}
    digits = re.sub(r"[-:TZ.]|\+\d\d:\d\d$", "", value)
    return value.lower() in parts or (digits.isdigit() and any(p.startswith(digits[:14]) for p in parts))


CALL_BACK = "ORC-14 and OBR-17 are who to call back, not the practitioner's own number"
TRANSLATED = "a status that Ward translates and the other leaves unknown"
GROUP = "ORC-4 is ServiceRequest.requisition, as the official map has it"
METHOD = "OBX-17 is the method and OBX-18 the device's number: neither is its name or its type"
BIRTH_NAME = "a name of type B, to which the official map gives no use"
# What Ward does otherwise on purpose, by the path where it shows.
ON_PURPOSE = {
    "PractitionerRole.location.reference": "the narrowest place only: it is part of the wider ones",
    "DiagnosticReport.issued": "an instant without a time, which R4 does not allow",
    "Observation.issued": "OBX-19 is the time of the analysis; an extension in the official map",
    "Observation.status": TRANSLATED,
    "ServiceRequest.status": TRANSLATED,
    "Observation.note.text": "all repetitions of NTE-3, where the other keeps the first",
    "Specimen.note.text": "OBR-39 in words, where the other has the code too",
    "Observation.code.text": "the text of a code is CWE.9; the other repeats the display",
    "Specimen.type.text": "the text of a code is CWE.9; the other repeats the display",
    "Specimen.collection.bodySite.text": "the text of a code is CWE.9; the other repeats the display",
    "Practitioner.telecom.system": CALL_BACK,
    "Practitioner.telecom.use": CALL_BACK,
    "Practitioner.telecom.value": CALL_BACK,
    "ServiceRequest.identifier.type.coding.code": GROUP,
    "ServiceRequest.identifier.value": GROUP,
    "Device.deviceName.name": METHOD,
    "Device.deviceName.type": METHOD,
    "Device.identifier.type.coding.code": METHOD,
    "Practitioner.name.use": BIRTH_NAME,
    "Patient.name.use": BIRTH_NAME,
}
# What a person or another system said; no field of the message holds it.
LINKS = ("MessageHeader.focus.reference", "Patient.managingOrganization.reference",
         "ServiceRequest.performer.reference", "Observation.device.reference",
         "MessageHeader.destination.name",
         "Patient.identifier.assigner.reference", "ServiceRequest.supportingInfo.reference")
AUTHORITY = "an assigning authority that Ward names by the identifier's system"


def class_of(here, path, value, others, message, is_from_fhir):
    """Why a leaf of theirs is not in ours."""
    last = path.rpartition(".")[2]
    if last == "system" and any(same_system(value, o) for o in others):
        return "another name for the same code system"
    if last == "system" and others:
        return "a code system's local name, where Ward has a URI, or the other way round"
    if is_from_fhir and (f"{here}.{path}" in LINKS or (last != "reference" and not says(message, value))):
        return SOURCE
    return ON_PURPOSE.get(f"{here}.{path}")


def compare(pair, mapped):
    message = pair.read_text(errors="replace")
    is_from_fhir = "FHIR_to_HL7" in pair.parts
    expected = json.loads(pair.with_suffix(".fhir").read_text(), parse_float=decimal.Decimal)
    theirs = Side([e["resource"] for e in expected.get("entry", ())])
    ours = Side(mapped["resources"])
    systems = {v.rpartition(":")[2] for l in ours.leaves for p, v in l if p.endswith("system")}
    apart = set_apart(theirs)
    partner = counterparts(theirs, ours)
    unsaid = set()
    for i, resource in enumerate(theirs.resources):
        codes = [v for p, v in theirs.leaves[i] if p == "code.coding.code"]
        is_observation = resource["resourceType"] == "Observation"
        if is_from_fhir and is_observation and not any(says(message, c) for c in codes):
            unsaid.add(i)
            partner.pop(i, None)
    target = {theirs.names[i]: ours.names[j] for i, j in partner.items()}

    def without_partner(i, leaf):
        if i in apart:
            return apart[i]
        if i in unsaid:
            return SOURCE
        if not theirs.leaves[i]:
            return EMPTY
        if theirs.resources[i]["resourceType"] == "Specimen":
            return "a specimen of which OBR-7 alone tells: Ward makes none"
        return SOURCE if is_from_fhir and leaf and not says(message, str(leaf)) else None

    for i, resource in enumerate(theirs.resources):
        here = resource["resourceType"]
        if i not in partner or apart.get(i) == OWN:
            for path, value in [("resourceType", here)] + theirs.leaves[i]:
                yield here, path, value, None, without_partner(i, None if path == "resourceType" else value)
            continue
        yield here, "resourceType", here, here, "equal"
        left = list(ours.leaves[partner[i]])
        for path, value in theirs.leaves[i]:
            there = [v for p, v in left if p == path]
            if path.endswith("reference"):
                at = theirs.names.index(value) if value in theirs.names else None
                if target.get(value) in there or (value not in target and kind(value) in map(kind, there)):
                    yield here, path, value, there, "equal"
                elif at is not None and value not in target:
                    yield here, path, value, there, without_partner(at, None) or \
                        class_of(here, path, value, there, message, is_from_fhir)
                else:
                    cause = class_of(here, path, value, there, message, is_from_fhir)
                    yield here, path, value, there, cause
            elif value in there:
                left.remove((path, value))
                yield here, path, value, value, "equal"
            else:
                cause = class_of(here, path, str(value), [str(o) for o in there], message, is_from_fhir)
                if here == "Organization" and path.startswith("identifier") and not cause:
                    cause = AUTHORITY if str(value) in systems or path != "identifier.value" else None
                yield here, path, value, there, cause or apart.get(i)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--floor", type=float, default=0)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    beside = pathlib.Path(__file__).resolve().parents[2].parent / "shared/data"
    shared = os.environ.get("WARD_SHARED_DATA", beside)
    folder = options.folder or pathlib.Path(shared) / "hl7/expected"
    pairs = sorted(p for p in folder.rglob("*.hl7") if p.with_suffix(".fhir").exists())
    if not pairs:
        print(f"skipped: no pairs in {folder}")
        return SKIPPED
    ran = subprocess.run([options.program, *map(str, pairs)], check=True, capture_output=True, text=True)
    mapped = {}
    for line in ran.stdout.splitlines():
        one = json.loads(line, parse_float=decimal.Decimal)
        mapped.setdefault(one["file"], one)

    classes, differing = collections.Counter(), collections.Counter()
    examples, by_type = {}, collections.defaultdict(collections.Counter)
    directions = collections.defaultdict(collections.Counter)
    for pair in pairs:
        for here, path, value, there, cause in compare(pair, mapped[str(pair)]):
            classes[cause or "not explained"] += 1
            directions["FHIR" if "FHIR_to_HL7" in pair.parts else "v2"][cause or "not explained"] += 1
            by_type[here]["equal" if cause == "equal" else "explained" if cause else "other"] += 1
            if cause != "equal":
                differing[(cause or "not explained", here, path)] += 1
                examples.setdefault((cause or "not explained", here, path), (pair.name, value, there))
    total = sum(classes.values())
    print(f"{len(pairs)} messages, {total} elements")
    for cause, count in classes.most_common():
        print(f"{count:7} {100 * count / total:5.1f} %  {cause}")
    print(f"{'':7} equal, explained, not explained by type:")
    for here, counts in sorted(by_type.items(), key=lambda e: -sum(e[1].values())):
        print(f"{'':9}{here:22}{counts['equal']:6}{counts['explained']:6}{counts['other']:6}")
    if options.list:
        for (cause, here, path), count in differing.most_common(150):
            print(f"{count:5} {cause[:22]:22} {here}.{path}  {examples[(cause, here, path)]}")
    shares = {}
    for text, chosen in (("all", classes), ("made from v2", directions["v2"])):
        said = sum(chosen.values()) - sum(chosen[cause] for cause in (OWN, SOURCE, EXTENSION, EMPTY))
        shares[text] = share = 100 * chosen["equal"] / max(1, said)
        print(f"{text}: of {said} elements that a message says and a resource of the standard holds, "
              f"{share:.2f} % are present and equal")
    # What was made from FHIR has lost what v2 cannot say, so the floor is for the others.
    share = shares["made from v2"]
    if share < options.floor:
        print(f"the floor is {options.floor:.2f} %: find out what changed")
    return 0 if share >= options.floor else 1


if __name__ == "__main__":
    sys.exit(main())
