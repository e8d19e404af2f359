# SPDX-License-Identifier: Apache-2.0
"""The inventory of a whole capture, against what the programs that made its traffic say they are."""
import gzip, json, os, pathlib, re, subprocess, sys, tempfile, unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("WARD_SHARED_DATA", TREE.parent / "shared/data")) / "pcap"
SENSOR = sys.argv.pop(1)


def inventory(capture):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "devices.json"
        subprocess.run([SENSOR, "devices", capture, "--json", out], check=True)
        return {device["id"]: device for device in map(json.loads, out.read_bytes().splitlines())}


def values(device, attribute):
    return {belief["value"] for belief in device["attributes"].get(attribute, [])}


class Hospital(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.truth = json.loads((DATA / "hospital.truth.json").read_text())
        cls.found = inventory(DATA / "hospital.pcap.gz")

    def test_holds_every_clinical_endpoint_and_merges_none(self):
        truth = self.truth
        clients = {sender["address"] for sender in truth["hl7"]["senders"]} | {"10.20.5.10"}
        clients |= set(truth["http"]["clients"]) | set(truth["astm"]["clients"])
        servers = {"10.20.1.10", "10.20.1.20", "10.20.1.30", "10.20.1.40"}
        self.assertEqual(len(clients), truth["clinical_endpoints"]["clients"])
        self.assertEqual(len(servers), truth["clinical_endpoints"]["servers"])
        addressed = {id for id, device in self.found.items() if "." in id and "behind" not in device}
        self.assertEqual(addressed, clients | servers)
        for id in addressed:
            self.assertEqual(self.found[id]["addresses"], [id])

    def test_knows_what_each_is_for(self):
        roles = {"10.20.1.10": "PACS", "10.20.1.20": "EHR interface engine",
                 "10.20.1.30": "FHIR server", "10.20.1.40": "LIS",
                 "10.20.6.30": "EHR or registration", "10.20.6.31": "EHR or registration",
                 "10.20.6.40": "order entry", "10.20.8.10": "analyser", "10.20.8.11": "analyser"}
        roles |= {client: "infusion pump" for client in self.truth["http"]["clients"]}
        roles |= {f"10.20.6.{10 + n}": "gateway" for n in range(6)}
        self.assertEqual({id: self.found[id]["role"] for id in roles}, roles)
        for n in range(6):
            self.assertEqual(self.found[f"10.20.6.{10 + n}"]["criticality"], "life-critical")

    def test_knows_the_services_and_their_ports(self):
        served = {"10.20.1.10": {"dicom 104/tcp"}, "10.20.1.20": {"hl7 2575/tcp", "hl7 6661/tcp"},
                  "10.20.1.40": {"astm 5000/tcp"}}
        self.assertEqual({id: values(self.found[id], "service") for id in served}, served)
        fhir, = values(self.found["10.20.1.30"], "service")
        self.assertRegex(fhir, "^(http|fhir) 8080/tcp$")
        self.assertEqual(values(self.found["10.20.8.10"], "service_used"), {"astm 5000/tcp"})

    def test_knows_the_application_entities(self):
        titles = {entry["calling"] for entry in self.truth["dicom"]["by_title"]}
        self.assertEqual(values(self.found["10.20.5.10"], "ae_title"), titles)
        self.assertEqual(values(self.found["10.20.1.10"], "ae_title"), {"WARDPACS"})
        for id in ("10.20.5.10", "10.20.1.10"):
            self.assertEqual(values(self.found[id], "software"), {"OFFIS_DCMTK_367"})

    def test_knows_the_machines_that_share_an_address(self):
        behind = [device for device in self.found.values() if device.get("behind") == "10.20.5.10"]
        told = {(device["role"], *values(device, "model"), *values(device, "ae_title")) for device in behind}
        self.assertEqual(told, {("modality (CT)", "CT-9000", "CT9000"), ("modality (CR)", "CR-20", "CR20")})

    def test_knows_the_hl7_applications_and_the_devices_behind_them(self):
        for sender in self.truth["hl7"]["senders"]:
            device = self.found[sender["address"]]
            self.assertEqual(values(device, "hl7_application"), {sender["application"]})
            if not sender["type"].startswith("ORU"):
                continue
            behind = [d for d in self.found.values() if d.get("behind") == sender["address"]]
            named = set().union(*(values(d, "identifier") for d in behind))
            self.assertEqual(named, {f"EUI64^{sender['application']}SN{n}" for n in range(4)})
            counted = sum(belief["evidence"][0]["count"] for d in behind
                          for belief in d["attributes"]["identifier"])
            self.assertGreaterEqual(counted, sender["messages"])

    def test_every_belief_says_where_it_comes_from(self):
        for device in self.found.values():
            for beliefs in device["attributes"].values():
                for belief in beliefs:
                    self.assertTrue(0 < belief["confidence"] < 100)
                    for line in belief["evidence"]:
                        self.assertTrue(line["source"])
                        self.assertLessEqual(line["first"], line["last"])
                        self.assertGreater(line["count"], 0)

    def test_tells_no_patient(self):
        with gzip.open(DATA / "hospital.pcap.gz") as capture:
            fields = [segment.split(b"|") for segment in re.findall(rb"PID\|[^\r]*", capture.read())]
        # Where a segment of TCP ends within one, the rest is elsewhere.
        whole = [pid for pid in fields if len(pid) > 6]
        patients = {field.split(b"^")[0].decode() for pid in whole for field in (pid[3], pid[5])}
        self.assertGreater(len(patients), 10)
        text = json.dumps(list(self.found.values()), ensure_ascii=False)
        self.assertEqual({value for value in patients if value and value in text}, set())


class Table(unittest.TestCase):
    def test_has_a_line_for_each_device(self):
        capture = DATA / "hospital.pcap.gz"
        done = subprocess.run([SENSOR, "devices", capture], check=True, capture_output=True, text=True)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 1 + len(inventory(capture)))
        self.assertRegex(lines[1], r"^10\.20\.1\.10 +PACS +WARDPACS +care-critical +dicom 104/tcp$")


if __name__ == "__main__":
    if not (DATA / "hospital.truth.json").exists():
        print(f"skipped: {DATA} is not there")
        sys.exit(77)
    unittest.main(verbosity=2)
