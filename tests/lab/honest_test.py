# SPDX-License-Identifier: Apache-2.0
"""No attack is told from the rest by one look at one thing: no string, no number, no hour."""
import collections
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import lab

# Whose very nature is one thing: somebody opens more charts than anybody else.
EXCEPTED = {"bulk-theft"}
# Whose attack leaves no event: what does not come is what is wrong.
WITHOUT_EVENTS = {"quiet", "lab-silent"}


def features_of_table(rows):
    """What a simple rule might look at, of each row: texts, numbers and sets of texts."""
    by_user = collections.Counter(row["USER_ID"] for row in rows)
    by_hour = collections.Counter((row["USER_ID"], row["ACCESS_INSTANT"][:13]) for row in rows)
    by_patient = collections.Counter(row["PAT_MRN"] for row in rows)
    by_pair = collections.Counter((row["USER_ID"], row["PAT_MRN"]) for row in rows)
    for row in rows:
        family = row["USER_NAME"].split(",")[0]
        yield {**{name: value for name, value in row.items() if name not in ("EVENT_ID", "ACCESS_INSTANT")},
               "hour": int(row["ACCESS_INSTANT"][11:13]),
               "minute": int(row["ACCESS_INSTANT"][14:16]),
               "patient number": int(row["PAT_MRN"] or 0),
               "has visit": bool(row["VISIT"]),
               "has reason": bool(row["BREAK_GLASS_REASON"]),
               "same family name": row["PAT_NAME"].split(",")[0] == family,
               "elsewhere": bool(row["VISIT"]) and row["VISIT_DEPARTMENT"] != row["USER_DEPARTMENT"],
               "opened by the user": by_user[row["USER_ID"]],
               "opened by the user this hour": by_hour[row["USER_ID"], row["ACCESS_INSTANT"][:13]],
               "opened of the patient": by_patient[row["PAT_MRN"]],
               "opened by the user of the patient": by_pair[row["USER_ID"], row["PAT_MRN"]]}


def features_of_mail(letters):
    sent = collections.Counter(letter["From"].addresses[0].domain for letter in letters)
    for letter in letters:
        domain = letter["From"].addresses[0].domain
        parts = [part for part in letter.walk() if not part.is_multipart()]
        files = [part for part in parts if part.get_content_disposition() == "attachment"]
        texts = "".join(part.get_content() for part in parts if part.get_content_maintype() == "text")
        hosts = set(re.findall(r"https?://([^/\s\"<]+)", texts))
        checks = re.findall(r"(?:spf|dkim|dmarc)=\w+", letter["Authentication-Results"] or "")
        yield {"sender's domain": domain,
               "sender's name": letter["From"].addresses[0].display_name,
               "letters of the domain": sent[domain],
               "letters in the domain": len(domain),
               "subject's words": frozenset(re.findall(r"\w+", letter["Subject"].lower())),
               "text's words": frozenset(re.findall(r"\w+", texts.lower())),
               "attachments": len(files),
               "attachment's type": frozenset(part.get_content_type() for part in files),
               "links": len(re.findall("https?://", texts)),
               "links elsewhere": any(not host.endswith(domain) for host in hosts),
               "checks": " ".join(checks),
               "fields": frozenset(letter.keys()),
               "is answer": bool(letter["In-Reply-To"]),
               "answers elsewhere": bool(letter["Reply-To"]),
               "program": letter["X-Mailer"],
               "recipients": len(letter["To"].addresses),
               "hour": letter["Date"].datetime.hour,
               "size": len(letter.as_bytes()) // 500}


def features_of_files(uses):
    by_hour = collections.Counter((use["user"], use["at"][:13]) for use in uses)
    by_user = collections.Counter(use["user"] for use in uses)
    by_action = collections.Counter((use["user"], use["action"], use["at"][:13]) for use in uses)
    by_share = collections.Counter((use["user"], use["share"]) for use in uses)
    for use in uses:
        now = use["user"], use["at"][:13]
        yield {"user": use["user"], "share": use["share"], "action": use["action"],
               "host's kind": use["host"].rstrip("0123456789"),
               "is a program": use["user"].startswith("svc-"),
               "extension": use["path"].rpartition(".")[2],
               "new extension": use.get("new_path", "").rpartition(".")[2],
               "extensions": use["path"].count(".") + use.get("new_path", "").count("."),
               "entropy": int(use.get("entropy", 0) * 1000),
               "hour": int(use["at"][11:13]),
               "read": use["bytes_read"].bit_length(), "written": use["bytes_written"].bit_length(),
               "by the user": by_user[use["user"]],
               "by the user on the share": by_share[use["user"], use["share"]],
               "by the user in the hour": by_hour[now],
               "of the kind in the hour": by_action[use["user"], use["action"], use["at"][:13]],
               "read in the hour": by_action[use["user"], "read", use["at"][:13]],
               "renamed in the hour": by_action[use["user"], "rename", use["at"][:13]],
               "written in the hour": by_action[use["user"], "write", use["at"][:13]],
               "deleted in the hour": by_action[use["user"], "delete", use["at"][:13]]}


def features_of_messages(messages):
    """By segment and field: whether there is something, and what, if it is short."""
    words = {}
    for message in messages:
        said = set()
        segments = [segment.split("|") for segment in message.split("\r") if segment]
        for name, *fields in segments:
            for place, field in enumerate(fields, 1):
                there = "there" if field else "empty"
                for word in (f"{name}-{place} is {there}", f"{name}-{place} {field[:40]}"):
                    said.add(words.setdefault(word, word))
        yield {"said": frozenset(said), "segments": len(segments), "size": len(message).bit_length(),
               "bytes": len(message), "first": segments[0][0] if segments else "",
               "fields of the first": len(segments[0]) if segments else 0}


def names_of_messages(messages):
    """As the truth knows them: by MSH-10, or by their place in the file where they have none."""
    place, names = 0, []
    for message in messages:
        number = message.split("|", 10)[9] if message.startswith("MSH|") and message.count("|") > 9 else ""
        names.append({f"hl7:{number}", f"hl7:@{place}"})
        place += len(message.encode()) + 3
    return names


SENSOR = os.path.join(os.environ.get("WARD_BIN", ""), "ward-sensor")
SAID_AT_MOST = 300   # of one conversation: in the longest each message says much that is new


def conversations_of(folder):
    """Each conversation, and what was said in it: all that a rule might look for, by its place."""
    told = subprocess.run([SENSOR, "read", folder / "network.pcap"], capture_output=True, check=True).stdout
    said = collections.defaultdict(set)
    words, flows = {}, []

    def gather(into, path, value):
        if isinstance(value, dict):
            for name, part in value.items():
                if name not in ("id", "message_id", "invoke_id", "latency_us"):
                    gather(into, f"{path}.{name}", part)
        elif isinstance(value, list):
            for part in value:
                gather(into, path, part)
        elif len(into) < SAID_AT_MOST:
            word = f"{path} {value}"
            into.add(words.setdefault(word, word))

    for line in told.splitlines():
        event = json.loads(line)
        kind = event["event_type"]
        if kind == "flow":
            flows.append(event)
        elif kind in event and "flow_id" in event:
            gather(said[event["flow_id"]], kind, event[kind])
    return flows, said


def features_of_conversations(flows, said):
    by_source, hosts, targets, asked, sent = (collections.Counter() for _ in range(5))
    first_seen = set()

    def count_once(counter, key, value):
        if (id(counter), key, value) not in first_seen:
            first_seen.add((id(counter), key, value))
            counter[key] += 1

    for flow in flows:
        source, target, port, hour = (flow[name] for name in ("src_ip", "dest_ip", "dest_port", "timestamp"))
        by_source[source, hour[:13]] += 1
        count_once(hosts, (source, hour[:13]), target)
        count_once(targets, (source, port), target)
        count_once(asked, (source, target), port)
        sent[source, hour[:13]] += flow["flow"]["bytes_toserver"]
    for flow in flows:
        source, target, port, hour = (flow[name] for name in ("src_ip", "dest_ip", "dest_port", "timestamp"))
        numbers, ether = flow["flow"], flow.get("ether", {})
        yield {"source": source, "target": target, "port": port, "protocol": flow.get("app_proto", ""),
               "over": flow["proto"], "state": numbers["state"],
               "flags": flow.get("tcp", {}).get("tcp_flags", ""),
               "source's network": network_of(source), "target's network": network_of(target),
               "networks": network_of(source) + " to " + network_of(target),
               "source's maker": ether.get("src_macs", [""])[0][:8],
               "hour": int(hour[11:13]), "day": int(hour[8:10]), "lasted": int(numbers["age"]).bit_length(),
               "to server": numbers["bytes_toserver"].bit_length(),
               "to client": numbers["bytes_toclient"].bit_length(),
               "bytes to server": numbers["bytes_toserver"], "bytes to client": numbers["bytes_toclient"],
               "packets": numbers["pkts_toserver"] + numbers["pkts_toclient"],
               "said": frozenset(said.get(flow["flow_id"], ())),
               "conversations of the source in the hour": by_source[source, hour[:13]],
               "targets of the source in the hour": hosts[source, hour[:13]],
               "targets of the source on the port": targets[source, port],
               "ports of the target for the source": asked[source, target],
               "sent by the source in the hour": sent[source, hour[:13]].bit_length()}


def network_of(address):
    first, second, third, _ = address.split(".")
    return f"{second}.{int(third) // 16}" if first == "10" else "outside"


def flow_labels(flows, steps):
    """A conversation is an attack's while its step lasts: ports are used again."""
    known = collections.defaultdict(list)
    for step in steps:
        for event in step["events"] if step["attack"] else ():
            if event.startswith("flow:"):
                known[event.removeprefix("flow:")].append((step["first"], step["last"]))
    seconds = len("2026-03-02T00:00:00")
    return [any(first[:seconds] <= flow["flow"]["start"][:seconds] <= last[:seconds]
                for first, last in known.get(flow["community_id"], ())) for flow in flows]


def looks(folder):
    """Each feed's features, with whether they are of an attack."""
    attacks = {event for step in lab.truth_of(folder)["steps"] if step["attack"] for event in step["events"]}
    rows, letters, uses = lab.table_of(folder), lab.letters_of(folder), lab.uses_of_files(folder)
    ids = {"table": ["audit:" + row["EVENT_ID"] for row in rows],
           "mail": ["mail:" + letter["Message-ID"].strip("<>") for letter in letters],
           "files": [f"file:{use['number']}" for use in uses]}
    features = {"table": lambda: features_of_table(rows), "mail": lambda: features_of_mail(letters),
                "files": lambda: features_of_files(uses)}
    for feed, events in ids.items():
        labels = [event in attacks for event in events]
        if any(labels):
            yield feed, list(features[feed]()), labels
    if any(event.startswith("hl7:") for event in attacks):
        messages = lab.messages_of(folder)
        yield ("messages", list(features_of_messages(messages)),
               [not attacks.isdisjoint(names) for names in names_of_messages(messages)])
    if any(event.startswith("flow:") for event in attacks):
        flows, said = conversations_of(folder)
        yield ("conversations", list(features_of_conversations(flows, said)),
               flow_labels(flows, lab.truth_of(folder)["steps"]))


def stumps(features, labels):
    """Each rule of one look, with its precision and recall."""
    positives = sum(labels)
    for name in features[0]:
        values = [one[name] for one in features]
        if isinstance(values[0], frozenset):
            hits = collections.Counter(one for value, label in zip(values, labels) if label for one in value)
            total = collections.Counter(one for value in values for one in value if one in hits)
        else:
            hits = collections.Counter(value for value, label in zip(values, labels) if label)
            total = collections.Counter(values)
        for value, found in hits.items():
            yield f"{name} is {value!r}", found / total[value], found / positives
        if isinstance(values[0], bool) or not isinstance(values[0], int):
            continue
        for side, order in (("most", sorted(total)), ("least", sorted(total, reverse=True))):
            found = seen = 0
            for value in order:
                found, seen = found + hits[value], seen + total[value]
                yield f"{name} is at {side} {value}", found / seen, found / positives


class Stump(unittest.TestCase):
    def test_separates_no_scenario_and_all_of_it_comes_to_pass(self):
        wished = json.loads(lab.run("list", "--json").stdout)
        steps = {one["name"]: one["attacks"] + one["look_alikes"] for one in wished}
        for name in os.environ.get("WARD_SCENARIO", "").split() or lab.scenarios():
            features, labels = collections.defaultdict(list), collections.defaultdict(list)
            for seed in (7, 8, 9):   # what holds in one hospital only is no rule
                with tempfile.TemporaryDirectory() as scratch:
                    folder = lab.make(name, pathlib.Path(scratch) / "made", seed=seed)
                    self.assertEqual(len(lab.truth_of(folder)["steps"]), steps[name], f"{name}, seed {seed}")
                    for feed, looked_at, known in () if name in EXCEPTED else looks(folder):
                        features[feed] += looked_at
                        labels[feed] += known
            self.assertEqual(not features, name in WITHOUT_EVENTS | EXCEPTED, name)
            for feed in features:
                rules = sorted(stumps(features[feed], labels[feed]), key=lambda rule: -min(rule[1:]))
                print(f"{name}, {feed}: {sum(labels[feed])} of {len(labels[feed])}; the best of {len(rules)} "
                      "rules is {0!r} with {1:.2f} and {2:.2f}".format(*rules[0]))
                self.assertLessEqual(min(rules[0][1:]), 0.9, f"{name}, {feed}: {rules[:3]}")

    def test_would_be_noticed(self):
        rows = [{"port": port, "size": size, "words": frozenset([f"w{size // 3}", "a"])}
                for port, size in ((80, 1), (80, 2), (445, 3), (445, 4))]
        rules = [rule for rule, precision, recall in stumps(rows, [False, False, True, True])
                 if precision > 0.9 and recall > 0.9]
        self.assertIn("port is 445", rules)
        self.assertIn("size is at least 3", rules)
        self.assertIn("words is 'w1'", rules)


if __name__ == "__main__":
    lab.main()
