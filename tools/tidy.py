#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Style as a test: `tools/tidy.py [TREE]` prints `file:line: what is wrong; what to do instead`.

The layers come from the USES lines of the CMake files, all else from the tables below.
"""
import collections, json, pathlib, re, statistics, sys

from tidy_source import RATCHET, ratchet, sources

FILE_LINES, FUNCTION_LINES, COLUMNS, VIRTUALS = 500, 70, 110, 4
MEDIAN, P95, COMMENTS, TEST_SHARE, DUP_SHARE, DUP_WINDOW = 150, 400, (8, 20), 0.6, 0.03, 6
DECLARED = "src/event/"   # lists of fields: what fills and what writes them is tested
FILES_MIN = 20   # with fewer, a median means nothing
SELF = ("tools/tidy.py", "tools/tidy_test.py")   # they spell what they forbid

WRAPPED = {   # header prefix -> the only folders whose code may include it
    "openssl/": ("src/crypto", "src/http"), "sodium": ("src/crypto",), "sqlite3.h": ("src/store",),
    "boost/": ("src/http", "src/sensor"), "toml++/": ("src/config",), "tl/expected": ("src/core",),
    "absl/": ("src/core",),
    "simdjson": ("src/json",), "zstd.h": ("src/vault", "src/history", "src/spool"),
    "seccomp.h": ("src/confine",),
    "linux/landlock.h": ("src/confine",),
    "CLI/": ("apps/ward", "apps/ward-vault", "apps/ward-sensor", "apps/ward-watch",
             "apps/ward-lab", "apps/ward-courier", "apps/ward-notify"),
    "zlib.h": ("src/capture", "src/protocol", "src/crypto", "src/spool"),
    "nats/": ("src/bus",), "curl/": ("src/notify",),
}
CALLS = (   # in code, without comments and strings; what to use; where it is allowed all the same
    (r"\bmemcpy\s*\(", "std::ranges::copy", ()),
    (r"\b(strcpy|strcat|sprintf|strtok|atoi)\s*\(", "std::string, fmt::format or std::from_chars", ()),
    (r"\breinterpret_cast\b", "WireReader, as_bytes or as_text", ("src/wire/",)),
    (r"\bnew\b\s*[\w:(]", "std::make_unique or a value", ()),
    (r"\bdelete\b\s*(\[\s*\]\s*)?[\w:(*]", "std::unique_ptr", ()),
    (r"\b(sleep_for|sleep_until|usleep)\b", "a condition with a deadline, or ManualClock", ()),
    (r"\bstd::(cout|cerr)\b", "fmt::print in apps/, log:: elsewhere", ()),
    (r"\bsystem_clock::now\b", "a Clock that is passed in", ("src/core/clock",)),
    (r"\bco_await\b", "a plain function: GCC 12 miscompiles coroutines", ("src/http/", "src/bus/")),
    (r"\bthrow\b", "Result and fail()", ()),
)
WEASELS = set("manager helper helpers util utils common misc handler processor wrapper base impl data info "
              "context service".split())
# Terms of the standards (C2SP binds a sealed thing to its context), and Beast's callbacks.
DOMAIN = re.compile(r"data_?keys?|base_?urls?|(key|secret|sealing)_context|\bon_\w+_impl\b", re.I)
WHOLE = {"data", "info"}   # as a whole function name: what std and log call it
WORDS = (
    (r"(?<![\w.])/(work|root|mnt|home/\w+)/", "a path of one machine; take it from an argument"),
    (r"https?://(registry|deb|security|pypi|proxy)\.", "the address of a registry; leave it to apt and npm"),
    (r"\b(TODO|FIXME|XXX|HACK)\b(?!\s*\(#\d+\))", "work without an issue; write TODO (#number), or do it"),
    (r"(?i)\b(production-grade|enterprise-grade|seamless(ly)?|blazing(ly)?)\b", "praise; say what it does"),
)
DEAD_CODE = re.compile(r"^\s*//+\s*((return|const|auto|if|for|while|else|#include)\b.*[;{}]"
                       r"|[\w:.>-]+\(.*\);|[\w.:<>&*\[\] ]+ = .*;|\};?)\s*$")
MODULE = re.compile(r"^\s*ward_(module|program)\(\s*([\w-]+)([^)]*)\)", re.M)
PATH = re.compile(r"(?<![\w/.~:<>-])((?:src|apps|docs|tools|tests|samples|bench|cmake|packaging|\.ci)/"
                  r"[\w./*{},-]*[\w*/}])")


def layers(files):
    uses = {}
    for file in (f for f in files if f.name == "CMakeLists.txt"):
        for kind, name, rest in MODULE.findall(file.text):
            names = rest.partition("USES")[2].partition("LINKS")[0].split()
            uses[f"src/{name}" if kind == "module" else file.folder] = {f"src/{used}" for used in names}

    def reach(module, seen):
        for used in uses.get(module, set()) - seen:
            seen.add(used)
            reach(used, seen)
        return seen

    for module in uses:
        if module in reach(module, set()):
            yield f"{module}/CMakeLists.txt:1: {module} uses itself through a cycle; turn one USES around"
    for file in (f for f in files if f.cpp and f.path.startswith(("src/", "apps/"))):
        home = "/".join(file.path.split("/")[:2])
        for number, line in enumerate(file.lines, 1):
            include = re.match(r'\s*#\s*include\s+(["<])([^">]+)', line)
            if not include:
                continue
            path, parts = include[2], include[2].split("/")
            target = "/".join(parts[:2]) if parts[0] == "apps" else "src/" + parts[0]
            # What a program's command line understands is known to `ward` too, which hands it on.
            allowed = reach(home, {home}) | ({target} if path.endswith("/commands.hpp") else set())
            if include[1] == '"' and "/" in path and target not in allowed:
                yield f"{file.path}:{number}: {home} does not use {target}; add it to USES, or do without"
            for prefix, homes in WRAPPED.items():
                if include[1] == "<" and path.startswith(prefix) and home not in homes:
                    yield f"{file.path}:{number}: <{path}> is wrapped by {' and '.join(homes)}; use that"


def lengths(root, files):
    allowed, grown = ratchet(root)
    yield from grown
    for file in (f for f in files if not f.generated and (f.cpp or f.script)):
        name, line, size = max(file.functions(), key=lambda f: f[2], default=("", 1, 0))
        for kind, what, line, size, limit in (("lines", "the file", 1, len(file.lines), FILE_LINES),
                                              ("function", f"{name}()", line, size, FUNCTION_LINES)):
            most = allowed.pop((file.path, kind), limit)
            if size > most:
                yield f"{file.path}:{line}: {what} has {size} lines, {most} are allowed; split it"
            elif most != limit and most != size:
                yield f"{RATCHET}:1: {file.path} now has {size}; lower or remove its entry"
    yield from (f"{RATCHET}:1: {path} is gone; remove its entry" for path, _ in allowed)


def weasel(name):
    parts = re.split(r"[_.-]", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", DOMAIN.sub("", name)).lower())
    return next((part for part in parts if part in WEASELS), None)


def names(files):
    for file in (f for f in files if f.cpp or f.script):
        found = [(file.file.stem, 1)] + [(n, line) for n, line, _ in file.functions() if n not in WHOLE]
        found += [(head[1], file.line(head.start())) for head in file.types()]
        for name, line in found:
            if weasel(name):
                yield f"{file.path}:{line}: '{weasel(name)}' in {name} says nothing; use the domain's word"


def wording(files):
    for file in files:
        for pattern, instead, allowed in CALLS:
            for call in re.finditer(pattern, file.code) if file.cpp else ():
                if not file.path.startswith(allowed):
                    yield f"{file.path}:{file.line(call.start())}: {call[0].strip()}; use {instead}"
        for number, line in enumerate(file.lines, 1):
            for pattern, complaint in WORDS if file.path not in SELF else ():
                for word in re.finditer(pattern, line):
                    yield f"{file.path}:{number}: {word[0]} is {complaint}"
            if (file.cpp or file.suffix == ".mjs") and DEAD_CODE.match(line):
                yield f"{file.path}:{number}: commented-out code; delete it, git remembers"
            if len(line) > COLUMNS and not file.generated and (file.cpp or file.script):
                yield f"{file.path}:{number}: {len(line)} columns, {COLUMNS} are allowed; break the line"
        licensed = any("SPDX-License-Identifier: Apache-2.0" in line for line in file.lines[:2])
        if (file.cpp or file.script) and not licensed:
            yield f"{file.path}:1: no licence; start with SPDX-License-Identifier: Apache-2.0"


def reached(files):
    cmake = {f.folder: f.text for f in files if f.name == "CMakeLists.txt"}
    listed = "\n".join([*cmake.values(), *(f.text for f in files if f.suffix == ".cmake")])
    included = {i for f in files if f.cpp for i in re.findall(r'#\s*include\s+"([^"]+)"', f.text)}
    tested = {f.folder for f in files if f.path.endswith("_test.cpp")}
    for file in files:
        home = file.folder
        while home not in cmake and "/" in home and "NESTED" in cmake.get(home.rpartition("/")[0], "NESTED"):
            home = home.rpartition("/")[0]
        above, _, last = home.rpartition("/")
        own = cmake.get(home, "")
        globbed = MODULE.search(own) or re.search(r"file\(GLOB \w+ CONFIGURE_DEPENDS \*", own)
        globbed = globbed and re.search(rf"\b{last}\b", cmake.get(above, ""))
        if file.suffix == ".cpp" and not globbed and not re.search(rf"\b{file.file.stem}\b", listed):
            yield f"{file.path}:1: in no target; add its folder to the CMake files, or delete it"
        source = file.suffix == ".cpp" and file.product and file.path.startswith("src/")
        if source and file.folder not in tested:
            yield f"{file.path}:1: no test in {file.folder}; write {file.file.stem}_test.cpp beside it"
        if file.suffix == ".hpp" and not {file.name, file.path, file.path.partition("/")[2]} & included:
            yield f"{file.path}:1: nothing includes it; use it or delete it"
        if file.folder == "tools" and file.script and file.path not in SELF:
            if not any(file.file.stem in f.text for f in files if f.path != file.path):
                yield f"{file.path}:1: nothing names it; say in a document or build file who runs it"


def documents(root, files):
    texts = {f.path: f.text for f in files}
    tasks = set(re.findall(r"^(\w+)\(\) \{", texts.get("dev", ""), re.M)) | {"help"}
    ward = {name for path, text in texts.items() if path.startswith(("apps/ward/", "apps/ward-watch/desk_"))
            for name in re.findall(r'(?:add_subcommand\(|DeskCommand\{)\s*"([\w-]+)"', text)}
    presets = json.loads(texts.get("CMakePresets.json", "{}")).get("configurePresets", ())
    checks = ((r"\./dev (\w+)", tasks, "./dev has no such task"),
              (r"(?:`|^\s*(?:\$ )?)ward ([a-z]+)\b", ward, "ward has no such command"),
              (r"--preset (\w+)", {p["name"] for p in presets}, "CMakePresets.json has no such preset"))
    for file in (f for f in files if f.suffix == ".md"):
        for number, line in enumerate(file.lines, 1):
            links = [(file.file.parent, path) for path in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", line)]
            links += [(root, path) for path in PATH.findall(re.sub(r"\]\([^)]*\)", "", line))]
            for base, path in links:
                pattern = re.sub(r"\{[^}]*\}", "*", path.rstrip("/"))
                if not (any(base.glob(pattern)) if "*" in pattern else (base / pattern).exists()):
                    yield f"{file.path}:{number}: {path} does not exist; mend the path or the text"
            for pattern, known, complaint in checks:
                for name in re.findall(pattern, line):
                    if known and name not in known:
                        yield f"{file.path}:{number}: {name}: {complaint}; mend the text"


def interfaces(files):
    abstract, derived = {}, collections.Counter()
    for file in (f for f in files if f.product):
        for head in file.types():
            # A template that implements an interface is one implementation for each type.
            often = 2 if file.code[:head.start()].rstrip().endswith(">") else 1
            for parent in re.sub(r"<[^<>]*>", "", head[2] or "").split(","):
                derived[(re.findall(r"\w+", parent) or [""])[-1]] += often
        for pure in re.finditer(r"\bvirtual\b[^;{}]*=\s*0\s*;", file.code):
            owner = [head[1] for head in file.types() if head.start() < pure.start()]
            place = f"{file.path}:{file.line(pure.start())}"
            abstract.setdefault((owner or [""])[-1], [place, 0])[1] += 1
    for name, (place, virtuals) in abstract.items():
        if derived[name] < 2:
            yield f"{place}: {name} has {derived[name]} implementations; make it a class or std::function"
        if virtuals > VIRTUALS:
            yield f"{place}: {name} has {virtuals} virtual functions, {VIRTUALS} are allowed; split it"


def duplicates(files):
    places, total = collections.defaultdict(list), 0
    for file in (f for f in files if f.product and not f.generated):
        lines = [(number, re.sub(r"\s+", "", line)) for number, line in enumerate(file.lines, 1)]
        lines = [(n, l) for n, l in lines if len(l) > 3 and not l.startswith(("//", "#include"))]
        total += len(lines)
        for k in range(len(lines) - DUP_WINDOW + 1):
            window = lines[k:k + DUP_WINDOW]
            places[tuple(text for _, text in window)].append([f"{file.path}:{n}" for n, _ in window])
    twice = [found for found in places.values() if len(found) > 1]
    share = len({line for found in twice for window in found for line in window}) / max(1, total)
    for first, second, *_ in twice if share > DUP_SHARE else ():
        yield f"{first[0]}: as {second[0]}, double are {share:.1%} of {DUP_SHARE:.0%}; share it"


def budgets(files):
    product = [f for f in files if f.product and not f.generated]
    sizes = sorted(len(f.lines) for f in product)
    if len(sizes) < FILES_MIN:
        return
    middle, tail = statistics.median(sizes), sizes[len(sizes) * 95 // 100]
    written = [line.strip() for f in product for line in f.lines if line.strip() and "SPDX" not in line]
    comments = 100 * sum(line.startswith("//") or " // " in line for line in written) / len(written)
    tested = sum(len(f.lines) for f in product if not f.path.startswith(DECLARED))
    tests = sum(len(f.lines) for f in files if f.test) / max(1, tested)
    for bad, text in ((middle > MEDIAN, f"the median file has {middle} lines; split up to {MEDIAN}"),
                      (tail > P95, f"one file in twenty has over {tail} lines; split up to {P95}"),
                      (comments < COMMENTS[0], f"{comments:.1f} % comments; say why: {COMMENTS[0]} %"),
                      (comments > COMMENTS[1], f"{comments:.1f} % comments; at most {COMMENTS[1]} %"),
                      (tests < TEST_SHARE, f"{tests:.2f} lines of test a line of code; write {TEST_SHARE}")):
        if bad:
            yield f"src:1: {text}"


def complaints(root):
    files = list(sources(root))
    for rule in (layers, names, wording, reached, interfaces, duplicates, budgets):
        yield from rule(files)
    yield from lengths(root, files)
    yield from documents(root, files)


if __name__ == "__main__":
    tree = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[1]
    found = list(complaints(tree))
    print("\n".join(found) or "tidy")
    sys.exit(bool(found))
