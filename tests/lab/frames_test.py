# SPDX-License-Identifier: Apache-2.0
"""tshark and OpenSSL read the frames that the lab makes, and find nothing wrong with them."""
import collections
import datetime
import json
import re
import subprocess
import unittest
from xml.etree import ElementTree

import lab
from captures import GUESSED, TSHARK, complaints_of, copy_of_ports, tshark

OPENSSL = "/usr/bin/openssl"

# Protocols by the names that tshark gives them.
OFFICE = {"arp", "dns", "dhcp", "ntp", "tls", "kerberos", "ldap", "smb2", "rdp", "smtp"}


class Captured(lab.Made):
    """Read whole once, for it is long: what tshark complains of, and which protocols there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.capture = cls.folder / "network.pcap"
        cls.overview = tshark(cls.capture, "-q", "-z", f"expert,!({GUESSED})", "-z", "io,phs")

    def tshark(self, ports, *words):
        ports = ports if isinstance(ports, tuple) else (ports,)
        part = self.folder / f"{ports}.pcap"
        if not part.exists():
            copy_of_ports(self.capture, part, ports)
        return tshark(part, *words)


class Frames(Captured):
    scenario = "quiet"

    def test_desks_and_shells_are_well_formed_where_they_can_be_read(self):
        as_tls = ("-d", "tcp.port==3389,tls")
        self.assertEqual(self.tshark(3389, *as_tls, "-Y", "_ws.malformed"), [])
        self.assertGreater(len(self.tshark(3389, *as_tls, "-Y", "tls.handshake.type == 1")), 0)
        self.assertEqual(self.tshark(22, "-Y", "_ws.malformed && ssh.message_code"), [])

    def test_hold_each_message_and_its_acknowledgement(self):
        first = "hl7 && !tcp.analysis.retransmission"
        types = collections.Counter(
            self.tshark(2575, "-Y", first, "-T", "fields", "-e", "hl7.message.type"))
        messages = lab.messages_of(self.folder)
        self.assertEqual(sum(count for kind, count in types.items() if kind != "ACK"), len(messages))
        self.assertEqual(types["ACK"], len(messages))

    def test_are_lost_now_and_then_and_sent_again(self):
        frames = len(self.tshark(2575, "-T", "fields", "-e", "frame.number"))
        again = len(self.tshark(2575, "-Y", "tcp.analysis.retransmission"))
        self.assertGreater(again, 0)
        self.assertLess(again, frames / 500)
        unseen = "tcp.analysis.lost_segment || tcp.analysis.out_of_order"
        self.assertEqual(self.tshark(2575, "-Y", unseen), [])

    def test_speak_what_devices_speak(self):
        tree = " ".join(self.overview)
        for protocol in ("dicom", "bacnet", "mbtcp", "http"):
            self.assertRegex(tree, rf"\b{protocol} +frames:\d{{3}}", protocol)

    def test_hold_pictures_that_the_archive_took(self):
        first = "dicom && !tcp.analysis.retransmission"
        told = "\n".join(self.tshark(104, "-Y", first, "-T", "fields", "-e", "_ws.col.Info"))
        stored = len(re.findall("C-STORE-RQ ID", told))
        self.assertGreater(stored, 30)
        self.assertEqual(len(re.findall(r"C-STORE-RSP ID=\d+ \(Success\)", told)), stored)

    def test_hold_results_as_analysers_send_them(self):
        sent = "tcp.dstport in {3001, 3011..3013} && tcp.len > 1 && !tcp.analysis.retransmission"
        results = collections.defaultdict(dict)
        specimen = {}   # of each conversation
        wanted = [word for name in ("stream", "payload") for word in ("-e", f"tcp.{name}")]
        ports = (3001, 3011, 3012, 3013)
        lines = [line.split("\t") for line in self.tshark(ports, "-Y", sent, "-T", "fields", *wanted)]
        for stream, payload in lines:
            frame = bytes.fromhex(payload)
            self.assertEqual(frame[0], 2)
            self.assertEqual(f"{sum(frame[1:-4]) % 256:02X}\r\n".encode(), frame[-4:])
            fields = frame[2:-5].decode().split("|")
            if fields[0] == "O":
                specimen[stream] = fields[2]
            if fields[0] == "R":
                results[specimen[stream]][fields[2].removeprefix("^^^")] = fields[3]
        filed = {}
        for text in lab.messages_of(self.folder):
            number = re.search(r"\rORC\|RE\|\d+\^EHR\|(\w+)\^LIS", text)
            if number:
                filed[number[1]] = dict(re.findall(r"\rOBX\|\d+\|NM\|([^^]+)\^[^|]*\|\|([^|]+)", text))
        controls = [number for number in results if number.startswith("QC")]
        self.assertGreater(len(controls), 1)
        for number in controls:
            del results[number]
        self.assertGreater(len(filed), 20)
        self.assertEqual(results, filed)

    def test_hold_questions_in_fhir_and_their_answers(self):
        wanted = 'http.response && http.content_type contains "fhir"'
        answers = self.tshark(8080, "-Y", wanted, "-T", "fields", "-e", "http.response.code",
                              "-e", "http.file_data")
        self.assertGreater(len(answers), 50)
        kinds = collections.Counter()
        for code, body in (answer.split("\t") for answer in answers):
            kinds[code, json.loads(body)["resourceType"]] += 1
        self.assertGreater(kinds["200", "Bundle"], kinds["200", "Patient"])
        self.assertGreater(kinds["200", "Patient"], 10)

    def test_hold_what_monitors_tell(self):
        """Of tshark only the datagrams: it knows no IntelliVue."""
        wanted = ("-Y", "udp.srcport == 24105", "-T", "fields", "-e", "ip.src", "-e", "udp.payload")
        lines = [line.split("\t") for line in self.tshark(24105, *wanted)]
        told = collections.Counter(payload[:2] for _, payload in lines)
        monitors = len({source for source, _ in lines})
        self.assertEqual(set(told), {"0e", "0a", "e1"})
        self.assertGreaterEqual(told["0e"], monitors)
        self.assertAlmostEqual(told["e1"] / monitors, 24 * 3600 / 12, delta=200)

    def test_hold_what_equipment_says(self):
        phones = self.tshark(5060, "-Y", "sip.Status-Code == 200", "-T", "fields", "-e", "ip.dst")
        self.assertGreater(len(set(phones)), 100)
        refused = self.tshark(5060, "-Y", "sip.Status-Code == 401")
        self.assertEqual(len(refused), len(phones))
        asked = "snmp.get_request_element", "snmp.get_response_element"
        counts = [len(self.tshark(161, "-Y", element)) for element in asked]
        self.assertGreater(counts[0], 5000)
        self.assertEqual(counts[0], counts[1])
        first = "!tcp.analysis.retransmission"
        described = self.tshark(554, "-Y", f"sdp && {first}", "-T", "fields", "-e", "ip.src")
        self.assertGreater(len(set(described)), 40)
        jobs = self.tshark(9100, "-Y", f'tcp contains "@PJL JOB" && {first}', "-T", "fields", "-e", "ip.dst")
        self.assertGreater(len(set(jobs)), 20)
        hello = ("-Y", 'frame contains "NetworkVideoTransmitter"', "-T", "fields", "-e", "ip.dst",
                 "-e", "udp.payload")
        told = [line.split("\t") for line in self.tshark(3702, *hello)]
        self.assertGreater(len(told), 10)
        self.assertEqual({group for group, _ in told}, {"239.255.255.250"})
        for _, payload in told:
            sequence = ElementTree.fromstring(bytes.fromhex(payload)).find(".//{*}AppSequence")
            self.assertEqual(sequence.get("MessageNumber"), "1")
        for ports in (5060, 161, 554):
            self.assertEqual(self.tshark(ports, "-Y", "_ws.malformed || _ws.expert.severity >= 0x600000"), [])

    def test_hold_what_an_office_says(self):
        seen = {line.split()[0] for line in self.overview if "frames:" in line}
        self.assertLessEqual(OFFICE, seen)

    def test_hold_certificates_that_name_their_hosts(self):
        """As OpenSSL reads them: they hold on that day, and are for the name that was asked for."""
        shown = self.tshark(443, "-Y", "tls.handshake.certificate", "-T", "fields", "-e", "tcp.stream",
                       "-e", "tls.handshake.certificate")
        asked = dict(line.split("\t") for line in self.tshark(
            443, "-Y", "tls.handshake.extensions_server_name", "-T", "fields", "-e", "tcp.stream",
            "-e", "tls.handshake.extensions_server_name"))
        self.assertGreater(len(shown), 20)
        for line in shown[:60]:
            stream, certificates = line.split("\t")
            host = asked.get(stream)
            command = [OPENSSL, "x509", "-inform", "DER", "-noout", "-text", "-checkhost", host or "x"]
            first = bytes.fromhex(certificates.split(",")[0])
            done = subprocess.run(command, input=first, capture_output=True, check=True)
            told = done.stdout.decode()
            dates = [datetime.datetime.strptime(date, "%b %d %H:%M:%S %Y %Z")
                     for date in re.findall(r"Not (?:Before|After ?) ?: (.+)", told)]
            self.assertLess(dates[0], datetime.datetime(2026, 3, 2))
            self.assertGreater(dates[1], datetime.datetime(2026, 3, 3))
            if host:
                self.assertIn("does match certificate", told, host)

    def test_leave_an_expert_without_complaints(self):
        self.assertEqual(complaints_of(self.overview), [])

    def test_hold_what_pumps_tell_their_gateway(self):
        reports = self.tshark(8080, "-Y", "http.request.method == POST && xml && tcp.dstport == 8080",
                         "-T", "fields", "-e", "ip.src")
        self.assertGreater(len(reports), 20)
        answers = self.tshark(3702, "-Y", "udp.srcport == 3702", "-T", "fields", "-e", "ip.src")
        self.assertLessEqual(set(reports), set(answers))


class BrokenOnPurpose(Captured):
    scenario = "malformed-feeds"

    def test_is_malformed_in_conversations_of_the_scenario_only(self):
        found = ("-Y", f"_ws.malformed && !({GUESSED})", "-T", "fields", "-e", "communityid")
        malformed = tshark(self.folder / "network.pcap", "--enable-protocol", "communityid", *found)
        self.assertGreater(len(malformed), 0)
        named = {event.removeprefix("flow:") for step in lab.truth_of(self.folder)["steps"]
                 for event in step["events"] if event.startswith("flow:")}
        self.assertLessEqual(set(malformed), named)


if __name__ == "__main__":
    lab.main(needs=[TSHARK, OPENSSL])
