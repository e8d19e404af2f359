# SPDX-License-Identifier: Apache-2.0
"""A made day in a hospital: the sensor tells what its makers counted, no less and no more."""
import json
import unittest

import sensor

CAPTURE = sensor.CAPTURES / "hospital.pcap.gz"
TRUTH = sensor.CAPTURES / "hospital.truth.json"


class Hospital(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.truth = json.loads(TRUTH.read_text())
        cls.run_of_day = sensor.read(CAPTURE, options=["--stats"])
        cls.events = cls.run_of_day.events

    def told(self, event_type):
        return list(sensor.of_type(self.events, event_type))

    def dicom(self, kind):
        return [(event, what) for event, what in self.told("dicom") if what["kind"] == kind]

    def test_every_packet_is_counted(self):
        self.assertEqual(self.run_of_day.status, 0)
        statistics = sensor.statistics(self.run_of_day.errors)
        self.assertEqual(statistics["frames"], self.truth["packets"])

    def test_every_hl7_message_is_told_once_with_its_sender(self):
        expected = {(one["address"], one["application"], one["port"], one["type"]): one["messages"]
                    for one in self.truth["hl7"]["senders"]}
        told = sensor.count((event["src_ip"], what["sending_application"], event["dest_port"], what["type"])
                            for event, what in self.told("hl7"))
        self.assertEqual(told, expected)

    def test_no_hl7_message_is_told_twice(self):
        ids = {(event["flow_id"], what["control_id"]) for event, what in self.told("hl7")}
        self.assertEqual(len(ids), self.truth["hl7"]["messages"])

    def test_every_acknowledgement_finds_its_message(self):
        acknowledged = [what["acknowledgement"]["code"] for _, what in self.told("hl7")]
        self.assertEqual(sensor.count(acknowledged), {"AA": self.truth["hl7"]["acknowledgements"]})

    def test_every_association_has_its_titles(self):
        expected = {(one["calling"], one["called"]): one["associations"]
                    for one in self.truth["dicom"]["by_title"]}
        told = sensor.count((what["calling"], what["called"]) for _, what in self.dicom("association"))
        self.assertEqual(told, expected)

    def test_rogue_associations_are_rejected_and_the_others_released(self):
        rejected = [what["calling"] for _, what in self.dicom("association") if what["outcome"] == "rejected"]
        accepted = [what for _, what in self.dicom("association") if what["outcome"] == "accepted"]
        self.assertEqual(rejected, ["ROGUE"] * self.truth["dicom"]["rejected"])
        self.assertEqual(len(accepted), self.truth["dicom"]["pdus"]["A-ASSOCIATE-AC"])
        self.assertEqual(sensor.count(what["how"] for _, what in self.dicom("end")),
                         {"released": self.truth["dicom"]["released"]})

    def test_every_dicom_command_is_told_with_its_answers(self):
        commands = self.truth["dicom"]["commands"]
        operations = [what for _, what in self.dicom("operation")]
        self.assertEqual(sensor.count(what["command"] + "-RQ" for what in operations),
                         {name: number for name, number in commands.items() if name.endswith("-RQ")})
        answers = {}
        for what in operations:
            name = what["command"] + "-RSP"
            answers[name] = answers.get(name, 0) + what["pending_responses"] + ("status" in what)
        self.assertEqual(answers,
                         {name: number for name, number in commands.items() if name.endswith("-RSP")})

    def test_every_pdu_that_transfers_is_counted(self):
        self.assertEqual(sum(what["data_pdus"] for _, what in self.dicom("end")),
                         self.truth["dicom"]["pdus"]["P-DATA-TF"])

    def test_every_request_of_the_fhir_clients_is_told(self):
        told = self.told("http")
        asked = (f"{what['http_method']} {what['url'].split('?')[0]}" for _, what in told)
        self.assertEqual(sensor.count(asked), self.truth["http"]["fhir"])
        self.assertEqual(len(told), self.truth["http"]["requests"])
        self.assertEqual(sorted({event["src_ip"] for event, _ in told}), self.truth["http"]["clients"])
        self.assertTrue(all("status" in what for _, what in told))

    def test_every_fhir_interaction_is_told(self):
        truth = self.truth["http"]["fhir"]
        self.assertEqual(sensor.count((what["interaction"], what["resource_type"])
                                      for _, what in self.told("fhir")),
                         {("create", "Observation"): truth["POST /fhir/Observation"],
                          ("search-type", "Observation"): truth["GET /fhir/Observation"]})

    def test_every_laboratory_session_is_told(self):
        told = self.told("astm")
        self.assertEqual(sensor.count(what["outcome"] for _, what in told),
                         {"complete": self.truth["astm"]["sessions"]})
        self.assertEqual(sorted({event["src_ip"] for event, _ in told}), self.truth["astm"]["clients"])
        self.assertEqual(len({event["flow_id"] for event, _ in told}), self.truth["astm"]["connections"])

    def test_clinical_clients_and_servers_are_those_of_the_truth(self):
        clinical = [event for event in self.events if event["event_type"] in ("hl7", "dicom", "fhir", "astm")]
        self.assertEqual(len({event["src_ip"] for event in clinical}),
                         self.truth["clinical_endpoints"]["clients"])
        self.assertEqual(len({event["dest_ip"] for event in clinical}),
                         self.truth["clinical_endpoints"]["servers"])

    def test_nothing_else_is_invented(self):
        invented = {"hl7", "dicom", "http", "fhir", "astm", "arp", "flow", "exposure", "device"}
        self.assertLessEqual({event["event_type"] for event in self.events}, invented)
        flows = [event for event in self.events if event["event_type"] == "flow"]
        unread = {why for flow in flows if flow["proto"] in ("TCP", "UDP")
                  for why in flow["flow"].get("not_inspected", {})}
        self.assertEqual(unread, {"content"})

    def test_of_images_all_but_their_head_is_passed_on_unread(self):
        sizes = sum(what.get("dataset_size", 0) for _, what in self.dicom("operation")
                    if what["command"] == "C-STORE")
        unread = sum(event["flow"].get("not_inspected", {}).get("content", 0)
                     for event, _ in self.told("flow") if event.get("app_proto") == "dicom")
        self.assertLess(unread, sizes)
        self.assertGreater(unread, sizes * 99 // 100)


if __name__ == "__main__":
    sensor.main(needs=[CAPTURE, TRUTH])
