# SPDX-License-Identifier: Apache-2.0
"""The conversations of a capture as the sensor tells them, and what a simple rule might look at in them."""
import collections
import functools
import json
import os
import re
import subprocess

SENSOR = os.path.join(os.environ.get("WARD_BIN", ""), "ward-sensor")
SAID_AT_MOST = 300   # of one conversation: in the longest each message says much that is new
LEFT_OUT = {"id", "message_id", "invoke_id", "latency_us"}
EVENT = re.compile(rb'"flow_id":(\d+),.*?"event_type":"(\w+)"')
MEMBER = rb'"(?:%s)":(?:"[^"]*"|\d+)' % "|".join(sorted(LEFT_OUT)).encode()
LEFT_OUT_TEXT = re.compile(b"," + MEMBER + b"|" + MEMBER + b",")
SECONDS = len("2026-03-02T00:00:00")


def words_of(path, value):
    """Each value by its place, and of numbers the powers of two that they are over."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in LEFT_OUT:
                yield from words_of(f"{path}.{name}", part)
    elif isinstance(value, list):
        for part in value:
            yield from words_of(path, part)
    else:
        yield f"{path} {value}"
        if isinstance(value, int):
            for bits in range(8, value.bit_length()):
                yield f"{path} over {1 << bits}"


def conversations_of(folder):
    """Each conversation, and what was said in it: all that a rule might look for."""
    said = collections.defaultdict(set)
    words, flows = {}, []
    read = functools.lru_cache(maxsize=100_000)(lambda kind, text: [
        words.setdefault(word, word) for word in words_of(kind, json.loads(text))])
    for line in lines_of(folder / "network.pcap"):
        event = EVENT.search(line)
        if not event:
            continue
        flow, kind = int(event[1]), event[2]
        if kind == b"flow":
            flows.append(json.loads(line))
            continue
        begin = line.find(b'"' + kind + b'":{', event.end())
        if begin >= 0 and len(said[flow]) < SAID_AT_MOST:
            said[flow].update(read(kind.decode(), LEFT_OUT_TEXT.sub(b"", line[begin + len(kind) + 3:-2])))
    return flows, said


def lines_of(capture):
    with subprocess.Popen([SENSOR, "read", capture], stdout=subprocess.PIPE) as sensor:
        yield from sensor.stdout
    if sensor.returncode != 0:
        raise AssertionError(f"{SENSOR} cannot read {capture}")


def features_of_conversations(flows, said):
    by_source, hosts, targets, asked, sent, begun = (collections.Counter() for _ in range(6))
    first_seen, first_of = set(), {}

    def count_once(counter, key, value):
        if (id(counter), key, value) not in first_seen:
            first_seen.add((id(counter), key, value))
            counter[key] += 1

    for flow in flows:
        source, target, port, hour = (flow[name] for name in ("src_ip", "dest_ip", "dest_port", "timestamp"))
        by_source[source, hour[:13]] += 1
        begun[source] += 1
        first_of[source] = min(first_of.get(source, hour), hour)
        count_once(hosts, (source, hour[:13]), target)
        count_once(targets, (source, port), target)
        count_once(asked, (source, target), port)
        sent[source, hour[:13]] += flow["flow"]["bytes_toserver"]
    for flow in flows:
        source, target, port, hour = (flow[name] for name in ("src_ip", "dest_ip", "dest_port", "timestamp"))
        numbers, ether, tcp = flow["flow"], flow.get("ether", {}), flow.get("tcp", {})
        now = source, hour[:13]
        yield {"source": source, "target": target, "port": port, "protocol": flow.get("app_proto", ""),
               "over": flow["proto"], "state": numbers["state"], "end": tcp.get("state", ""),
               "flags": tcp.get("tcp_flags", ""),
               "flags of the client": tcp.get("tcp_flags_ts", ""),
               "flags of the server": tcp.get("tcp_flags_tc", ""),
               "port of the source": flow["src_port"],
               "source's network": network_of(source), "target's network": network_of(target),
               "networks": network_of(source) + " to " + network_of(target),
               "source's maker": ether.get("src_macs", [""])[0][:8],
               "target's maker": ether.get("dest_macs", [""])[0][:8],
               "hour": int(hour[11:13]), "day": int(hour[8:10]), "minute": int(hour[14:16]),
               "lasted": int(numbers["age"]).bit_length(),
               "to server": numbers["bytes_toserver"].bit_length(),
               "to client": numbers["bytes_toclient"].bit_length(),
               "bytes to server": numbers["bytes_toserver"], "bytes to client": numbers["bytes_toclient"],
               "packets": numbers["pkts_toserver"] + numbers["pkts_toclient"],
               "said": frozenset(said.get(flow["flow_id"], ())),
               "source is new": first_of[source][:SECONDS] == hour[:SECONDS],
               "day of the source's first": int(first_of[source][8:10]),
               "conversations of the source": begun[source],
               "conversations of the source in the hour": by_source[now],
               "targets of the source in the hour": hosts[now],
               "targets of the source on the port": targets[source, port],
               "ports of the target for the source": asked[source, target],
               "sent by the source in the hour": sent[now].bit_length()}


def network_of(address):
    first, second, third, _ = address.split(".")
    return f"{second}.{int(third) // 16}" if first == "10" else "outside"


def steps_of(flows, steps):
    """A conversation is of a step while its step lasts: ports are used again."""
    known = collections.defaultdict(list)
    for step in steps:
        for event in step["events"]:
            if event.startswith("flow:"):
                known[event.removeprefix("flow:")].append(step)

    def step_of(flow):
        start = flow["flow"]["start"][:SECONDS]
        return next((step["id"] for step in known.get(flow["community_id"], ())
                     if step["first"][:SECONDS] <= start <= step["last"][:SECONDS]), None)
    return [step_of(flow) for flow in flows]
