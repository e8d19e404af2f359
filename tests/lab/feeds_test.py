# SPDX-License-Identifier: Apache-2.0
"""python3-hl7, xmllint, dcmdump and others read what the lab makes, and find nothing wrong with it."""
import base64
import collections
import json
import re
import subprocess
import tempfile
import unittest

import lab

XMLLINT, PYTHON, DCMDUMP = "/usr/bin/xmllint", "/usr/bin/python3", "/usr/bin/dcmdump"

# Runs under Debian's Python, for which the package python3-hl7 is.
PARSE_HL7 = """
import sys, hl7
count = 0
for text in sys.stdin.buffer.read().decode().split("\\x1c\\r"):
    if not text:
        continue
    message = hl7.parse(text.removeprefix("\\x0b"))
    assert message.extract_field("PID", 1, 3, 1, 1), text
    assert message.extract_field("MSH", 1, 9, 1, 1) in ("ADT", "ORU", "OML", "OMG", "RDE", "MDM", "SIU"), text
    count += 1
print(count)
"""


class Pictures(lab.Made):
    scenario = "quiet"

    def test_are_of_what_was_ordered(self):
        ordered = {}   # whose picture it is, by the accession number
        for text in lab.messages_of(self.folder):
            if "|OMG^O19^" in text:
                patient = re.search(r"\rPID\|1\|\|(\d+)\^", text)[1]
                ordered[re.search(r"\rORC\|NW\|\d+\^EHR\|(\w+)\^RIS", text)[1]] = patient
        files = sorted((self.folder / "dicom").iterdir())
        self.assertGreater(len(files), 3)
        for file in files:
            wanted = [word for name in ("AccessionNumber", "PatientID", "PixelData") for word in ("+P", name)]
            done = subprocess.run([DCMDUMP, "-Un", "+L", *wanted, file],
                                  capture_output=True, text=True, check=True)
            self.assertEqual(done.stderr, "")
            told = dict(zip(("number", "patient"), re.findall(r"\[(.+)\]", done.stdout)))
            self.assertEqual(file.name.partition("-")[0], told["number"])
            self.assertEqual(ordered[told["number"]], told["patient"])
            self.assertRegex(done.stdout, r"\(7fe0,0010\) O[BW] [0-9a-f\\\\]+ +# \d{4}")


class Messages(lab.Made):
    def test_are_read_by_a_client_of_others(self):
        framed = (self.folder / "hl7.mllp").read_bytes()
        done = subprocess.run([PYTHON, "-c", PARSE_HL7], input=framed, capture_output=True, check=True)
        self.assertEqual(int(done.stdout), len(lab.messages_of(self.folder)))

    def test_have_a_control_id_each(self):
        ids = [text.split("|", 10)[9] for text in lab.messages_of(self.folder)]
        self.assertEqual(len(set(ids)), len(ids))

    def test_name_people_in_two_scripts(self):
        names = "".join(lab.messages_of(self.folder))
        self.assertRegex(names, "[\u0621-\u064a]{3}")


class Trail(lab.Made):
    def frames(self):
        """The stream's messages, as one reads them who knows that some senders do not frame theirs."""
        stream = (self.folder / "atna.syslog").read_bytes()
        place = 0
        while place < len(stream):
            framed = re.compile(rb"(\d+) ").match(stream, place)
            if framed:
                end = framed.end() + int(framed[1])
                yield stream[framed.end():end].decode(), True
            else:
                end = stream.index(b"\n", place) + 1
                yield stream[place:end].decode().removesuffix("\n"), False
            place = end

    def test_is_xml_in_syslog(self):
        with tempfile.TemporaryDirectory() as scratch:
            files = []
            for number, (text, _) in enumerate(self.frames()):
                self.assertRegex(text, r"^<\d+>1 \S+ \S+ EHR \d+ \S+ - \ufeff<\?xml ")
                if number % 10 == 0:   # a file each: a tenth of them is enough
                    files.append(f"{scratch}/{number}.xml")
                    with open(files[-1], "w") as file:
                        file.write(text.partition("\ufeff")[2])
            subprocess.run([XMLLINT, "--noout", *files], check=True)

    def test_is_malformed_as_senders_do_it_now_and_then(self):
        frames = list(self.frames())
        wrong = collections.Counter()
        for text, is_framed in frames:
            wrong["framing"] += not is_framed
            wrong["priority"] += not text.startswith("<85>")
            wrong["message id"] += " IHE+RFC-3881 " not in text
        for kind in ("framing", "priority", "message id"):
            self.assertGreater(wrong[kind], 0, kind)
            self.assertLess(wrong[kind], len(frames) / 50, kind)

    def test_says_the_same_in_all_three_forms(self):
        table, events = lab.table_of(self.folder), lab.events_of(self.folder)
        self.assertEqual(["a" + row["EVENT_ID"] for row in table], [event["id"] for event in events])
        self.assertEqual(len(list(self.frames())), len(table))
        for row, event in zip(table, events):
            self.assertEqual(row["ACCESS_INSTANT"], event["recorded"])
            self.assertEqual(row["USER_ID"], event["agent"][0]["altId"])
            self.assertIsNotNone(row["BREAK_GLASS_REASON"])

    def test_names_only_visits_that_the_messages_told(self):
        visits = {row["VISIT"] for row in lab.table_of(self.folder)} - {""}
        told = {field.split("^")[0] for text in lab.messages_of(self.folder)
                for field in re.findall(r"\|(\d{8})\^\^\^ASHMERE\^VN", text)}
        self.assertLessEqual(visits, told)


class Mail(lab.Made):
    def setUp(self):
        self.letters = lab.letters_of(self.folder)

    def test_is_read_whole_and_without_defects(self):
        told = (self.folder / "mail.mbox").read_bytes().count(b"\nMessage-ID: ")
        self.assertEqual(len(self.letters), told)
        for letter in self.letters:
            for name in ("Date", "From", "To", "Subject", "Message-ID"):
                self.assertEqual(list(letter[name].defects), [], letter["Message-ID"])
            self.assertIsNotNone(letter["Date"].datetime)
            for part in letter.walk():
                self.assertEqual(part.defects, [], letter["Message-ID"])
                if not part.is_multipart():
                    self.assertTrue(part.get_content())

    def test_answers_letters_that_are_there(self):
        known, answers = set(), 0
        for letter in self.letters:
            before = (letter["References"] or "").split()
            self.assertLessEqual(set(before), known)
            if letter["In-Reply-To"]:
                answers += 1
                self.assertEqual(letter["In-Reply-To"].strip(), before[-1])
            self.assertNotIn(letter["Message-ID"], known)
            known.add(letter["Message-ID"])
        self.assertGreater(answers, 50)

    def test_is_in_the_order_of_time_and_of_invented_domains_only(self):
        dates = [letter["Date"].datetime for letter in self.letters]
        self.assertEqual(dates, sorted(dates))
        for letter in self.letters:
            for box in (*letter["From"].addresses, *letter["To"].addresses):
                self.assertRegex(box.domain, r"\.example$")
            texts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
            for host in re.findall(r"https?://([^/\s\"<]+)", "".join(texts)):
                self.assertRegex(host, r"\.example$")

    def test_names_people_in_two_scripts(self):
        names = "".join(box.display_name for letter in self.letters for box in letter["To"].addresses)
        self.assertRegex(names, "[\u0621-\u064a]{3}")


class Files(lab.Made):
    scenario = "quiet"

    def setUp(self):
        self.uses = lab.uses_of_files(self.folder)

    def test_are_told_in_the_order_of_time(self):
        self.assertEqual(self.uses, sorted(self.uses, key=lambda use: use["number"]))
        self.assertEqual(self.uses, sorted(self.uses, key=lambda use: use["at"]))
        self.assertEqual(len({use["number"] for use in self.uses}), len(self.uses))

    def test_say_of_each_use_what_belongs_to_it(self):
        for use in self.uses:
            self.assertIn(use["action"], ("read", "write", "create", "rename", "delete"))
            self.assertEqual("new_path" in use, use["action"] == "rename")
            self.assertEqual("entropy" in use, use["bytes_written"] > 0)
            self.assertTrue(0 <= use.get("entropy", 0) <= 8)

    def test_that_are_renamed_or_deleted_were_there(self):
        gone = set()
        for use in self.uses:
            place = (use["share"], use["path"])
            if use["action"] == "create":
                gone.discard(place)
            self.assertNotIn(place, gone, use)
            if use["action"] in ("rename", "delete"):
                gone.add(place)
                gone.discard((use["share"], use.get("new_path")))


class BrokenOnPurpose(lab.Made):
    """What is broken is so where the truth says it, and nowhere else."""
    scenario = "malformed-feeds"

    def labelled(self, kind):
        steps = lab.truth_of(self.folder)["steps"]
        return {event.removeprefix(f"{kind}:") for step in steps for event in step["events"]
                if event.startswith(f"{kind}:")}

    def test_messages_of_others_are_read_by_a_client_of_others(self):
        odd = {text for text in lab.messages_of(self.folder)
               if not text.startswith("MSH|") or text.split("|", 10)[9] in self.labelled("hl7")}
        others = [text for text in lab.messages_of(self.folder) if text not in odd]
        framed = "".join(f"\x0b{text}\x1c\r" for text in others).encode()
        done = subprocess.run([PYTHON, "-c", PARSE_HL7], input=framed, capture_output=True, check=True)
        self.assertEqual(int(done.stdout), len(others))
        self.assertGreater(max(map(len, odd)), 65_536)

    def test_a_message_without_a_number_is_where_the_truth_says(self):
        stream = (self.folder / "hl7.mllp").read_bytes()
        for place in (name[1:] for name in self.labelled("hl7") if name.startswith("@")):
            self.assertEqual(stream[int(place):int(place) + 1], b"\x0b")
            self.assertNotEqual(stream[int(place) + 1:int(place) + 5], b"MSH|")

    def test_entries_are_whole_up_to_the_first_that_is_broken_and_none_is_missing(self):
        stream = (self.folder / "atna.syslog").read_bytes()
        first = min(int(name[1:]) for name in self.labelled("atna"))
        place = 0
        while place < first:
            framed = re.compile(rb"(\d+) ").match(stream, place)
            place = framed.end() + int(framed[1]) if framed else stream.index(b"\n", place) + 1
        self.assertEqual(place, first)
        for row in lab.table_of(self.folder):
            if row["PAT_MRN"]:
                number = base64.b64encode(row["EVENT_ID"].encode())
                self.assertIn(b'type="EventNumber" value="' + number + b'"', stream)


if __name__ == "__main__":
    lab.main(needs=[XMLLINT, DCMDUMP])
