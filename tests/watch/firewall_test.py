# SPDX-License-Identifier: Apache-2.0
"""`ward-watch segment nftables`, and what Debian's nftables makes of it between two networks of this test."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import segment_test

SKIPPED = 77
NAMESPACE = ["unshare", "--map-root-user", "--net"]
# Addresses are good at once: nobody else is there who could have them.
NO_DAD = "/proc/sys/net/ipv6/conf/default/accept_dad"
SETTLE = f"""
import sys
open("{NO_DAD}", "w").write("0")
print(flush=True)
sys.stdin.read()
"""
# A port of a machine whose socket listens answers without that anybody accepts.
LISTEN = """
import socket, sys
sockets = [socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
           for port in (5000, 5001)]
print("listening", flush=True)
sys.stdin.read()
"""
CONNECT = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=float(sys.argv[3])).close()
except OSError as error:
    sys.exit(f"not reached: {error}")
"""


class Host:
    """A network namespace behind a pair of interfaces, which ends with its process."""

    def __init__(self, test, name, v4, v6):
        self.process = subprocess.Popen(["unshare", "--net", sys.executable, "-c", SETTLE],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.stop_with(test, self.process)
        self.process.stdout.readline()   # it has its namespace
        self.v4, self.v6 = f"{v4}.2", f"{v6}::2"
        here(f"link add {name} type veth peer name inner netns {self.process.pid}")
        here(f"addr add {v4}.1/24 dev {name}")
        here(f"-6 addr add {v6}::1/64 dev {name} nodad")
        here(f"link set {name} up")
        for words in ("link set lo up", f"addr add {self.v4}/24 dev inner",
                      f"-6 addr add {self.v6}/64 dev inner nodad", "link set inner up",
                      f"route add default via {v4}.1", f"-6 route add default via {v6}::1"):
            subprocess.run(self.inside("ip", *words.split()), check=True)
        listening = subprocess.Popen(self.inside(sys.executable, "-c", LISTEN), stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE)
        self.stop_with(test, listening)
        listening.stdout.readline()

    @staticmethod
    def stop_with(test, process):
        test.addCleanup(process.wait)
        test.addCleanup(process.stdout.close)
        test.addCleanup(process.stdin.close)

    def inside(self, *words):
        return ["nsenter", "-t", str(self.process.pid), "-n", *words]

    def reaches(self, address, port, seconds=20):
        words = self.inside(sys.executable, "-c", CONNECT, address, str(port), str(seconds))
        return subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode == 0


def here(words):
    subprocess.run(["ip", *words.split()], check=True)


def outside():
    """Packets that the firewall counted."""
    told = subprocess.run(["nft", "-j", "list", "counters"], check=True, capture_output=True).stdout
    (packets,) = [one["counter"]["packets"] for one in json.loads(told)["nftables"] if "counter" in one]
    return packets


class Firewall(unittest.TestCase):
    """Runs in a network namespace of its own, which is the router."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def rules(self, *options, plan=segment_test.PLAN):
        (self.folder / "plan.toml").write_text(plan)
        rules = self.folder / "ward.nft"
        subprocess.run([segment_test.WATCH, "segment", "nftables", self.folder / "plan.toml", "--out", rules,
                        *options], check=True)
        return rules

    def test_nftables_takes_plans_of_all_forms(self):
        wide = "version = 1\n" + "".join(
            f'[[zone]]\nname = "z-{i}"\n'
            f'networks = "10.{i}.0.0/16, 10.{(i + 1) % 250}.{i}.7, fd00:{i:x}::/32"\n'
            for i in range(250)) + "".join(
            f'[[allow]]\nfrom = "{a}"\nto = "{b}"\nprotocol = "udp"\nports = "1-65535"\n'
            for a, b in (("any", "z-1"), ("z-1", "outside"), ("outside", "z-2"), ("any", "outside")))
        for plan in (segment_test.PLAN, wide, "version = 1\n"):
            rules = self.rules(plan=plan)
            done = subprocess.run(["nft", "-c", "-f", rules], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_what_is_allowed_passes_and_what_is_not_is_counted(self):
        pathlib.Path(NO_DAD).write_text("0")
        office = Host(self, "offices", "10.1.0", "fd00:1")
        pump = Host(self, "pumps", "10.2.0", "fd00:2")
        for name in "ipv4/ip_forward", "ipv6/conf/all/forwarding":
            pathlib.Path("/proc/sys/net", name).write_text("1")
        for _ in range(2):   # loaded again it is the same
            subprocess.run(["nft", "-f", self.rules()], check=True)
        for address in pump.v4, pump.v6:
            self.assertTrue(office.reaches(address, 5000), address)
        self.assertEqual(outside(), 0)
        for client, address, port in ((office, pump.v4, 5001), (office, pump.v6, 5001),
                                      (pump, office.v4, 5000), (pump, office.v6, 5000)):
            before = outside()
            self.assertFalse(client.reaches(address, port, seconds=0.5), f"{address}, {port}")
            self.assertGreater(outside(), before)
        subprocess.run(["nft", "-f", self.rules("--observe")], check=True)
        self.assertTrue(office.reaches(pump.v4, 5001))
        self.assertGreater(outside(), 0)


if __name__ == "__main__":
    if os.environ.get("WARD_IN_NAMESPACE"):
        unittest.main()
    missing = [one for one in ("nft", "ip", "unshare", "nsenter") if shutil.which(one) is None]
    if missing or subprocess.run([*NAMESPACE, "nft", "list", "tables"], capture_output=True,
                                 check=False).returncode:
        print(f"skipped: {', '.join(missing) or 'nftables of this kernel'} cannot be used here")
        sys.exit(SKIPPED)
    sys.exit(subprocess.run([*NAMESPACE, sys.executable, __file__, *sys.argv[1:]], check=False,
                            env=os.environ | {"WARD_IN_NAMESPACE": "1"}).returncode)
