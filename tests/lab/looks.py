# SPDX-License-Identifier: Apache-2.0
"""What a simple rule might look at: of each feed its rows, as texts, numbers and sets of texts."""
import base64
import collections
import functools
import re
import typing
import xml.parsers.expat

import audit_stream
import lab
import talk

ELEMENT = re.compile(r"<(\w+)([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')

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

    @functools.lru_cache(maxsize=50_000)   # who is treated is told over and over
    def said_in(segment):
        name, *fields = segment.split("|")
        said = []
        for place, field in enumerate(fields, 1):
            there = "there" if field else "empty"
            for word in (f"{name}-{place} is {there}", f"{name}-{place} {field[:40]}"):
                said.append(words.setdefault(word, word))
        return said

    for message in messages:
        segments = [segment for segment in message.split("\r") if segment]
        said = set()
        for segment in segments:
            said.update(said_in(segment))
        first = segments[0].split("|") if segments else [""]
        yield {"said": frozenset(said), "segments": len(segments), "size": len(message).bit_length(),
               "bytes": len(message), "first": first[0], "fields of the first": len(first)}


def features_of_trail(records):
    """Of the stream: how a record is framed, what its header says, and each place of its document."""
    @functools.lru_cache(maxsize=50_000)   # most of an entry stands in others too
    def said_in(element, attributes):
        return [element] + [f"{element} {name} {value[:40]}" for name, value in ATTRIBUTE.findall(attributes)]

    for record in records:
        header, _, text = record.message.partition(b"<?xml")
        fields = header.decode(errors="replace").split(" ", 7)
        fields += [""] * (8 - len(fields))
        said, is_xml = set(), is_document(b"<?xml" + text)
        for element, attributes in ELEMENT.findall(text.decode(errors="replace")) if is_xml else ():
            said.update(said_in(element, attributes))
        yield {"framing": record.how, "declared": record.count, "size": len(record.message),
               "bits of the size": len(record.message).bit_length(),
               "too many declared": max(0, record.count - len(record.message)),
               "too few declared": max(0, len(record.message) - record.count) if record.count else 0,
               "priority": fields[0], "host": fields[2], "application": fields[3], "process": fields[4],
               "kind": fields[5], "structured": fields[6], "mark of UTF-8": "\ufeff" in fields[7],
               "is UTF-8": is_utf8(record.message), "is XML": is_xml,
               "is framed XML": is_xml and record.how == "whole",
               "hour": int(hour) if (hour := fields[1][11:13]).isdigit() else -1,
               "bytes beyond ASCII": len(record.message) - len(record.message.decode("ascii", "ignore")),
               "said": frozenset(said)}


def is_document(text):
    try:
        return bool(xml.parsers.expat.ParserCreate().Parse(text, True))
    except xml.parsers.expat.ExpatError:
        return False


def is_utf8(message):
    try:
        return bool(message.decode())
    except UnicodeDecodeError:
        return False


class Feed(typing.NamedTuple):
    name: str
    rows: typing.Iterable[dict]
    kinds: list        # of each row, what it is by its own word
    steps: list        # of each row, of which step it is, or None
    flows: list = []   # of conversations, as the sensor tells them


def feeds_of(folder, steps):
    """Those in which an attack is, and conversations."""
    of_step = {event: step["id"] for step in steps for event in step["events"]}
    kinds = {event.partition(":")[0] for step in steps if step["attack"] for event in step["events"]}
    for kind, read in (("audit", table), ("mail", mail), ("file", files), ("hl7", messages)):
        if kind in kinds:
            yield read(folder, of_step)
    if kinds & {"audit", "atna"}:
        yield trail(folder, of_step)
    if any(event.startswith("flow:") for event in of_step):
        yield conversations(folder, steps)


def table(folder, of_step):
    rows = lab.table_of(folder)
    return Feed("table", features_of_table(rows), [row["ACTION"] for row in rows],
                [of_step.get("audit:" + row["EVENT_ID"]) for row in rows])


def mail(folder, of_step):
    letters = lab.letters_of(folder)
    return Feed("mail", features_of_mail(letters),
                ["answer" if letter["In-Reply-To"] else "letter" for letter in letters],
                [of_step.get("mail:" + letter["Message-ID"].strip("<>")) for letter in letters])


def files(folder, of_step):
    uses = lab.uses_of_files(folder)
    return Feed("files", features_of_files(uses), [use["action"] for use in uses],
                [of_step.get(f"file:{use['number']}") for use in uses])


def messages(folder, of_step):
    """The truth knows them by MSH-10, or by their place in the file where they have none."""
    texts, place, kinds, steps = lab.messages_of(folder), 0, [], []
    for text in texts:
        fields = text.split("|", 10)
        is_named = text.startswith("MSH|") and len(fields) > 10
        kinds.append(fields[8] if is_named else "")
        steps.append(of_step.get(f"hl7:{fields[9]}" if is_named else "") or of_step.get(f"hl7:@{place}"))
        place += len(text.encode(errors="surrogateescape")) + 3   # some are cut within a character
    return Feed("messages", features_of_messages(texts), kinds, steps)


def trail(folder, of_step):
    """A record is the row of the table that it numbers; one without a number, as of a session, that of the
    same user and instant. Some are here only."""
    moments = collections.defaultdict(set)
    for row in lab.table_of(folder):
        moments[row["USER_ID"], row["ACCESS_INSTANT"]].add(of_step.get("audit:" + row["EVENT_ID"]))
    records = list(audit_stream.records_of((folder / "atna.syslog").read_bytes()))
    steps = []
    for record in records:
        user = re.search(rb' UserID="([^"]*)"', record.message)
        at = re.search(rb' EventDateTime="([^"]*)"', record.message)
        known = moments[tuple(one[1].decode(errors="replace") for one in (user, at))] if user and at else ()
        number = re.search(rb'type="EventNumber" value="([^"]*)"', record.message)
        if number:
            known = {of_step.get("audit:" + base64.b64decode(number[1]).decode())}
        steps.append(of_step.get(f"atna:@{record.place}") or min(filter(None, known), default=None))
    return Feed("trail", features_of_trail(records), [record.how for record in records], steps)


def conversations(folder, steps):
    flows, said = talk.conversations_of(folder)
    return Feed("conversations", talk.features_of_conversations(flows, said),
                [flow.get("app_proto", "") for flow in flows], talk.steps_of(flows, steps), flows)
