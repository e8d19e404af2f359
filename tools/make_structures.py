#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/fhir/structure_table.cpp from the official FHIR R4 definitions.

    tools/make_structures.py FOLDER

FOLDER holds profiles-resources.json, profiles-types.json, valuesets.json and v3-codesystems.json of FHIR R4
4.0.1, as HL7 publishes them. Only facts are taken: of each element its name, cardinality, types and the types
that a reference may name, and the codes of the value sets that are required. Value sets that are not a list
(of media types, of units) are left out, and said to be.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parent.parent
OUTPUT = ROOT / "src/fhir/structure_table.cpp"
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
COLUMNS = 108


def resources(folder, name):
    return [entry["resource"] for entry in json.loads((folder / name).read_text())["entry"]]


def last(url):
    return url.rsplit("/", 1)[-1]


class ValueSets:
    def __init__(self, folder):
        self.sets, self.systems = {}, {}
        for name in ("valuesets.json", "v3-codesystems.json"):
            for resource in resources(folder, name):
                kind = self.sets if resource["resourceType"] == "ValueSet" else self.systems
                kind[resource["url"]] = resource
        self.numbers, self.rows, self.missing = {}, [], set()

    def expand(self, url):
        """The (system, code) pairs; None where it is no list."""
        compose = self.sets.get(url, {}).get("compose")
        if not compose or "exclude" in compose:
            return None
        found = set()
        for include in compose["include"]:
            if "filter" in include:
                return None
            if include.get("concept"):
                found |= {(include["system"], concept["code"]) for concept in include["concept"]}
            elif include.get("system"):
                system = self.systems.get(include["system"])
                if not system or system.get("content") != "complete":
                    return None
                waiting = list(system.get("concept", []))
                while waiting:
                    concept = waiting.pop()
                    found.add((system["url"], concept["code"]))
                    waiting += concept.get("concept", [])
            for other in include.get("valueSet", []):
                more = self.expand(other.split("|")[0])
                if more is None:
                    return None
                found |= more
        return found

    def number(self, element):
        """Of the element's required value set, from 1; 0 if it has none, or none that can be checked."""
        binding = element.get("binding", {})
        if binding.get("strength") != "required" or "valueSet" not in binding:
            return 0
        url = binding["valueSet"].split("|")[0]
        if url not in self.numbers:
            pairs = self.expand(url)
            if pairs is None:
                self.missing.add(url)
                self.numbers[url] = 0
            else:
                by_system = {}
                for system, code in sorted(pairs):
                    by_system.setdefault(system, []).append(code)
                text = "\n".join(" ".join([system, *codes]) for system, codes in by_system.items())
                self.rows.append((url, text))
                self.numbers[url] = len(self.rows)
        return self.numbers[url]


def types_of(element):
    if "contentReference" in element:
        return "@" + element["contentReference"].split("#")[1]
    texts = []
    for kind in element.get("type", []):
        code = kind["code"]
        if code.startswith("http://hl7.org/fhirpath/"):
            code = next(e["valueUrl"] for e in kind["extension"] if e["url"] == FHIR_TYPE)
        if element["path"] == "Resource.id":
            code = "id"  # resource.html says so; the definitions have string, a known mistake
        if code in ("BackboneElement", "Element"):
            code = "@" + element["path"]
        targets = [last(target) for target in kind.get("targetProfile", [])]
        if code == "Reference" and targets and "Resource" not in targets:
            code += "(" + ",".join(sorted(targets)) + ")"
        if code not in texts:
            texts.append(code)
    return "|".join(texts)


def shapes_of(definition, value_sets):
    """(name, base, elements) of a type and of each element of it that has elements of its own."""
    elements = definition["snapshot"]["element"]
    base = last(definition.get("baseDefinition", ""))
    shapes = {definition["name"]: (base, [])}
    for element in elements[1:]:
        parent, name = element["path"].rsplit(".", 1)
        if any(kind["code"] in ("BackboneElement", "Element") for kind in element.get("type", [])):
            shapes[element["path"]] = (element["type"][0]["code"], [])
        if element["base"]["path"].rsplit(".", 1)[0] not in (parent, definition["name"]):
            continue  # it is in the base
        if parent not in shapes:
            sys.exit(f"{element['path']} has no parent")
        types = types_of(element)
        if not types:
            sys.exit(f"{element['path']} has no type")
        shapes[parent][1].append(
            (name, element["min"], element["max"] != "1", types, value_sets.number(element)))
    return [(name, parent, rows) for name, (parent, rows) in shapes.items()]


def literal(text, indent):
    width = COLUMNS - len(indent) - 8
    pieces = [text[i:i + width] for i in range(0, len(text), width)] or [""]
    escape = lambda piece: piece.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return ("\n" + indent).join('"' + escape(piece) + '"' for piece in pieces)


def write(shapes, value_sets):
    lines = [
        "// SPDX-License-Identifier: Apache-2.0",
        "// Generated by tools/make_structures.py; not edited by hand. Facts from the definitions of",
        "// HL7 FHIR R4 4.0.1, CC0-1.0. Required value sets that are no list, and so are not checked:",
        *(f"//   {url}" for url in sorted(value_sets.missing)),
        '#include "fhir/structure.hpp"', "",
        "#include <array>", "", "namespace ward::fhir {", "", "namespace {", "",
    ]
    count = sum(len(rows) for _, _, rows in shapes)
    lines.append(f"constexpr std::array<ElementRow, {count}> element_table{{{{")
    places = []
    at = 0
    for name, base, rows in sorted(shapes):
        places.append((name, base, at, len(rows)))
        at += len(rows)
        for element, least, repeats, types, values in rows:
            fields = f'    {{"{element}", {least}, {"true" if repeats else "false"}, '
            tail = f', {values}}},'
            if len(fields) + len(types) + len(tail) + 2 <= COLUMNS:
                lines.append(f'{fields}"{types}"{tail}')
            else:
                lines += [fields.rstrip(), f"     {literal(types, ' ' * 5)}{tail}"]
    lines += ["}};", "", f"constexpr std::array<ShapeRow, {len(places)}> shape_table{{{{"]
    for name, base, begin, size in places:
        lines.append(f'    {{"{name}", "{base}", {begin}, {size}}},')
    lines += ["}};", "",
              f"constexpr std::array<ValueSetRow, {len(value_sets.rows)}> value_set_table{{{{"]
    for url, text in value_sets.rows:
        lines += [f'    {{"{url}",', f"     {literal(text, ' ' * 5)}}},"]
    lines += [
        "}};", "", "}   // namespace", "",
        "std::span<const ElementRow> element_rows() { return element_table; }",
        "std::span<const ShapeRow> shape_rows() { return shape_table; }",
        "std::span<const ValueSetRow> value_set_rows() { return value_set_table; }", "",
        "}   // namespace ward::fhir", "",
    ]
    OUTPUT.write_text("\n".join(lines))
    print(f"{OUTPUT.name}: {len(places)} shapes, {count} elements, {len(value_sets.rows)} value sets,"
          f" {len(value_sets.missing)} that are no list")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    table = (ROOT / "src/fhir/resource_types.cpp").read_text()
    known = set(re.findall(r'^    "(\w+)",$', table, re.M)) | {"Resource", "DomainResource"}
    value_sets = ValueSets(folder)
    shapes = []
    for name in ("profiles-types.json", "profiles-resources.json"):
        for definition in resources(folder, name):
            if definition["resourceType"] != "StructureDefinition":
                continue
            if definition.get("derivation") == "constraint" or definition["kind"] == "primitive-type":
                continue
            if definition["kind"] == "resource" and definition["name"] not in known:
                continue
            if definition["kind"] == "logical":
                continue
            shapes += shapes_of(definition, value_sets)
    write(shapes, value_sets)


if __name__ == "__main__":
    main()
