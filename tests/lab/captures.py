# SPDX-License-Identifier: Apache-2.0
"""tshark, and parts of captures for it: it is slow."""
import datetime
import struct
import subprocess

TSHARK = "/usr/bin/tshark"

# What is enciphered on these two ports tshark 4.0 reads as if it were not: the TLS of RDP as what lies
# beneath it, and the lengths of SSH, which are enciphered too.
GUESSED = "tcp.port in {22, 3389}"

# That archives and machines now and then refuse somebody, or break off, is meant.
MEANT = "Association rejected", "Association aborted", "Connection reset (RST)"


def tshark(capture, *words):
    command = [TSHARK, "-r", capture, "-o", "tcp.check_checksum:TRUE",
               "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def copy_of(capture, target, is_wanted):
    """The frames that are wanted, each with the seconds at which it was seen; how many they are."""
    count = 0
    with open(capture, "rb") as whole, open(target, "wb") as part:
        part.write(whole.read(24))
        while header := whole.read(16):
            seconds, _, size, _ = struct.unpack(">IIII", header)
            frame = whole.read(size)
            if is_wanted(seconds, frame):
                part.write(header + frame)
                count += 1
    return count


def copy_of_ports(capture, target, ports):
    wanted = {port.to_bytes(2, "big") for port in ports}
    return copy_of(capture, target, lambda _, frame: frame[12:14] == b"\x08\0"
                   and (frame[34:36] in wanted or frame[36:38] in wanted))


def copy_of_conversations(capture, target, flows):
    """Of flows as the sensor tells them."""
    known = {}
    for flow in flows:
        ends = [address_of(flow[side + "_ip"]) + flow[side + "_port"].to_bytes(2, "big")
                for side in ("src", "dest")]
        for one, other in (ends, ends[::-1]):
            known.setdefault(one[:4] + other[:4] + one[4:] + other[4:], []).append(
                (seconds_of(flow["flow"]["start"]), seconds_of(flow["flow"]["end"])))

    def is_wanted(seconds, frame):
        spans = known.get(frame[26:38])
        return spans is not None and any(begin <= seconds <= end for begin, end in spans)
    return copy_of(capture, target, is_wanted)


def address_of(text):
    return bytes(map(int, text.split(".")))


def seconds_of(instant):
    return int(datetime.datetime.fromisoformat(instant).timestamp())


def complaints_of(overview):
    """Of what tshark tells with `-z expert`: how often, and of what."""
    complaints, is_complaint = [], False
    for line in overview:
        if line.endswith(")") and line.split(" ")[0] in ("Errors", "Warns", "Notes", "Chats"):
            is_complaint = line.startswith(("Errors", "Warns"))
        elif is_complaint and line.split()[:1] and line.split()[0].isdigit():
            complaints.append(line)
    return [line for line in complaints if not any(one in line for one in MEANT)]
