# SPDX-License-Identifier: Apache-2.0
"""Counts messages for each conversation of a capture, as tshark sees them and as the sensor does."""
import collections
import ipaddress
import json
import subprocess

import sensor

# Tunnels that the sensor does not open, and QUIC, which it does not speak.
NOT_OPENED = {"gtp", "ayiya", "capwap.data", "wlan", "ieee8021ah", "vntag", "quic", "gquic"}
NOT_OPENED_PAIRS = ("udp:gre", "gre:ppp")
OPENED = {"vxlan", "geneve"}   # over UDP
# Ports that say more to a person than to tshark.
PORTS = ["tcp.port==6661,hl7", "tcp.port==104,dicom"]
FIELDS = """frame.protocols tcp.stream tcp.srcport tcp.dstport udp.srcport udp.dstport ip.src ip.dst ipv6.src
    ipv6.dst http.request.method dns.flags.response tls.handshake.extensions_server_name smb.cmd
    smb.flags.response smb2.cmd smb2.flags.response kerberos.msg_type ldap.protocolOp modbus.func_code
    bacapp.type bacapp.sequence_number nbns.flags.response dicom.pdu.type dicom.pdv.flags""".split()
LDAP_REQUESTS = {"0", "2", "3", "6", "8", "10", "12", "14", "16", "23"}
NO_MORE_COMMANDS = 0xff   # MS-CIFS 2.2.3.4: ends a chain of AndX, no command itself
LAST_OF_COMMAND = 3   # PS3.8, E.2: a fragment of a command set, and its last one
DICOM_PDUS = {"0x01": "A-ASSOCIATE-RQ", "0x02": "A-ASSOCIATE-AC", "0x03": "A-ASSOCIATE-RJ"}


def conversation(transport, one, other):
    """The same text for both directions: `tcp 10.0.0.1:80 10.0.0.2:4711`."""
    ends = sorted((str(ipaddress.ip_address(address)), int(port)) for address, port in (one, other))
    return " ".join([transport] + [f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
                                   for address, port in ends])


class Counts:
    """By kind of message, then by conversation."""

    def __init__(self):
        self.kinds = collections.defaultdict(collections.Counter)
        self.flows = collections.defaultdict(set)   # TCP connections of a conversation

    def add(self, kind, of, number=1):
        if number:
            self.kinds[kind][of] += number


def is_false(flag):
    return flag in ("0", "False")


class Frame:
    """The fields of one frame; of one that is a tunnel's, those of the innermost headers."""

    def __init__(self, line):
        self.values = dict(zip(FIELDS, line.rstrip("\n").split("\t")))
        self.protocols = self.values["frame.protocols"].split(":")

    def all(self, field):
        return [value for value in self.values[field].split("|") if value]

    def conversation(self):
        inner = [at for at, name in enumerate(self.protocols) if name in ("tcp", "udp")]
        if not inner or NOT_OPENED.intersection(self.protocols):
            return None
        if any(pair in self.values["frame.protocols"] for pair in NOT_OPENED_PAIRS):
            return None
        # An error message of ICMP quotes a packet of another time; UDP in UDP is a tunnel by no standard.
        if "icmp" in self.protocols or "icmpv6" in self.protocols:
            return None
        if len(inner) > 1 and not OPENED.intersection(self.protocols):
            return None
        self.after = self.protocols[inner[-1] + 1:]
        self.transport = self.protocols[inner[-1]]
        version = [name for name in self.protocols[:inner[-1]] if name in ("ip", "ipv6")][-1:]
        try:
            ends = [(self.all(f"{version[0]}.{side}")[-1], self.all(f"{self.transport}.{side}port")[-1])
                    for side in ("src", "dst")]
        except IndexError:   # the frame is cut
            return None
        return conversation(self.transport, *ends)


def count_frame(frame, counts):
    of = frame.conversation()
    if of is None:
        return
    counts.flows[of].update(frame.all("tcp.stream"))
    is_tcp = frame.transport == "tcp"
    counts.add("http", of, len(frame.all("http.request.method")) if is_tcp else 0)
    questions = sum(map(is_false, frame.all("dns.flags.response")))
    if "dns" in frame.after:
        counts.add("dns", of, questions)
    for relative in ("llmnr", "mdns"):
        if relative in frame.after:
            counts.add(relative, of, questions)
    counts.add("nbns", of, sum(map(is_false, frame.all("nbns.flags.response"))))
    counts.add("tls server name", of, len(frame.all("tls.handshake.extensions_server_name")) if is_tcp else 0)
    flags = frame.all("smb.flags.response")
    for at, command in enumerate(frame.all("smb.cmd")):
        if is_tcp and int(command, 0) != NO_MORE_COMMANDS and is_false(flags[min(at, len(flags) - 1)]):
            counts.add("smb1", of)
    counts.add("smb2", of, sum(map(is_false, frame.all("smb2.flags.response"))))
    if frame.after[:1] == ["kerberos"]:
        kinds = frame.all("kerberos.msg_type")
        # An AP-REQ within a TGS-REQ is no message of its own.
        requests = sum(kind in ("10", "12") for kind in kinds)
        counts.add("kerberos", of, requests or int(kinds[:1] == ["14"]))
    if frame.after[:1] in (["ldap"], ["cldap"]):
        counts.add("ldap", of, sum(kind in LDAP_REQUESTS for kind in frame.all("ldap.protocolOp")))
    counts.add("modbus", of, len(frame.all("modbus.func_code")))
    count_bacnet(frame, of, counts)
    counts.add("hl7", of, frame.after.count("hl7"))
    for kind in frame.all("dicom.pdu.type"):
        if kind in DICOM_PDUS:
            counts.add("dicom " + DICOM_PDUS[kind], of)
    counts.add("dicom command", of,
               sum(int(flags, 0) == LAST_OF_COMMAND for flags in frame.all("dicom.pdv.flags")))


def count_bacnet(frame, of, counts):
    """Requests that somebody waits for, and those that nobody does; of one in segments the first."""
    if frame.all("bacapp.type") in (["0"], ["1"]) and frame.all("bacapp.sequence_number") in ([], ["0"]):
        counts.add("bacnet", of)


def by_tshark(capture):
    words = ["tshark", "-n", "-r", str(capture), "-T", "fields", "-E", "aggregator=|"]
    for port in PORTS:
        words += ["-d", port]
    for field in FIELDS:
        words += ["-e", field]
    counts = Counts()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          errors="replace") as tshark:
        for line in tshark.stdout:
            count_frame(Frame(line), counts)
    if tshark.returncode != 0:
        raise RuntimeError(f"tshark cannot read {capture}")
    return counts


def count_event(event, counts):
    kind = event["event_type"]
    what = event[kind]
    of = conversation(event["proto"].lower(), (event["src_ip"], event["src_port"]),
                      (event["dest_ip"], event["dest_port"]))
    if kind == "flow":
        counts.flows[of].add(event["flow_id"])
    elif kind == "http":
        # HTTP/2 is another protocol to tshark.
        counts.add("http", of, "http_method" in what and event["app_proto"] == "http")
    elif kind in ("dns", "llmnr"):
        counts.add(kind, of, what["question_seen"])
    elif kind == "nbns":
        counts.add(kind, of, what.get("question_seen", False))
    elif kind == "mdns":
        counts.add(kind, of, what["type"] == "query")
    elif kind == "tls":
        counts.add("tls server name", of, "sni" in what)
    elif kind == "smb" and "requests" in what:
        for command, number in what["requests"].items():
            counts.add(command[:4].lower(), of, number)
    elif kind == "krb5":
        counts.add("kerberos", of, "request" in what)
    elif kind == "ldap":
        counts.add("ldap", of, "operation" in what)
    elif kind == "modbus":
        counts.add("modbus", of, (not what.get("request_unseen", False)) + what["answered"])
    elif kind == "bacnet":
        counts.add("bacnet", of, what.get("pdu", "").endswith("Request-PDU"))
    elif kind == "hl7":
        # An acknowledgement whose message was not seen is told alone, and has no latency.
        counts.add("hl7", of, 1 + ("latency_us" in what.get("acknowledgement", {})))
    elif kind == "dicom" and what["kind"] == "association":
        counts.add("dicom A-ASSOCIATE-RQ", of)
        counts.add("dicom A-ASSOCIATE-AC", of, what["outcome"] == "accepted")
        counts.add("dicom A-ASSOCIATE-RJ", of, what["outcome"] == "rejected")
    elif kind == "dicom" and what["kind"] == "operation":
        answered = "status" in what and not what["status"].startswith("ff0")   # else only pending so far
        asked = "response without request" not in what.get("anomalies", [])
        counts.add("dicom command", of, asked + what["pending_responses"] + answered + what["cancelled"])


def by_ward(capture):
    counts = Counts()
    for line in sensor.read(capture).output.splitlines():
        event = json.loads(line)
        if event.get("proto") in ("TCP", "UDP") and "flow_id" in event:
            count_event(event, counts)
    return counts


def differences(tshark, ward):
    """(kind, conversation) to what each counted; and how many conversations could not be compared."""
    found = {}
    repeated = set()
    for kind in sorted(set(tshark.kinds) | set(ward.kinds)):
        for of in sorted(set(tshark.kinds[kind]) | set(ward.kinds[kind])):
            # tshark takes a connection that the capture holds a second time for retransmissions of the first.
            if of.startswith("tcp") and len(ward.flows[of]) > len(tshark.flows[of]):
                repeated.add(of)
            elif tshark.kinds[kind][of] != ward.kinds[kind][of]:
                found[kind, of] = (tshark.kinds[kind][of], ward.kinds[kind][of])
    return found, repeated
