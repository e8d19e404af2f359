# SPDX-License-Identifier: Apache-2.0
"""tshark, python3-hl7 and xmllint read what the lab makes, and find nothing wrong with it."""
import collections
import re
import subprocess
import tempfile
import unittest

import lab

TSHARK, XMLLINT, PYTHON = "/usr/bin/tshark", "/usr/bin/xmllint", "/usr/bin/python3"

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


def tshark(folder, *words):
    command = [TSHARK, "-r", folder / "network.pcap", "-o", "tcp.check_checksum:TRUE",
               "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


class Frames(lab.Made):
    scenario = "quiet"

    def test_none_is_malformed_and_all_sums_are_right(self):
        sums = [f"{layer}.checksum.status == 0" for layer in ("ip", "tcp", "udp")]
        wrong = " || ".join(["_ws.malformed", *sums])
        self.assertEqual(tshark(self.folder, "-Y", wrong), [])

    def test_hold_each_message_and_its_acknowledgement(self):
        first = "hl7 && !tcp.analysis.retransmission"
        types = collections.Counter(
            tshark(self.folder, "-Y", first, "-T", "fields", "-e", "hl7.message.type"))
        messages = lab.messages_of(self.folder)
        self.assertEqual(sum(count for kind, count in types.items() if kind != "ACK"), len(messages))
        self.assertEqual(types["ACK"], len(messages))

    def test_are_lost_now_and_then_and_sent_again(self):
        frames = len(tshark(self.folder, "-T", "fields", "-e", "frame.number"))
        again = len(tshark(self.folder, "-Y", "tcp.analysis.retransmission"))
        self.assertGreater(again, 0)
        self.assertLess(again, frames / 500)
        unseen = "tcp.analysis.lost_segment || tcp.analysis.out_of_order"
        self.assertEqual(tshark(self.folder, "-Y", unseen), [])


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


if __name__ == "__main__":
    lab.main(needs=[TSHARK, XMLLINT])
