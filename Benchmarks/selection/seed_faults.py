#!/usr/bin/env python3
"""Seeds faults into projects one at a time, runs their whole suites, and asks which tests fettle would have chosen.

usage: seed_faults.py FETTLE CLONE… [--faults 40] [--seed 1] [--keep FOLDER] [--share 15 --share 33] [--least 95 --least 99] [--explain]

A project is Python with pytest or JavaScript with node's own runner, whichever its test files are. Works on a scratch clone. A fault is
one changed operator, constant or condition in a line of the project's own code. The first run is without a fault and records which test
ran through which lines; every other is recorded after the choice was made, so a choice knows the runs before it only.
A fault is caught by a share of the time when one of its failing tests is among those chosen; where everything would run, when one is among
the first of the printed order that take no more than the share. Faults that no test notices are left out. The rates over all projects
decide the exit status. With --keep the reports of the runs stay in a folder, and a later measurement reads them there instead of running the
suites again. --plain records no coverage.
"""
import argparse, collections, json, os, random, re, shutil, subprocess, sys, tempfile
import xml.etree.ElementTree as XML

COMMON = [(r" == ", " != "), (r" != ", " == "), (r" < ", " >= "), (r" > ", " <= "), (r" \+ ", " - "), (r"\b1\b", "2"), (r"\b0\b", "1")]
FAULTS = {
    "pytest": COMMON + [
        (r" and ", " or "), (r" or ", " and "), (r" not in ", " in "), (r" is not None", " is None"), (r" is None", " is not None"),
        (r"\bTrue\b", "False"), (r"\bFalse\b", "True"), (r"\bif not ", "if "), (r"\breturn (?!None)(\w+)$", r"return None"),
    ],
    "node": COMMON + [
        (r" === ", " !== "), (r" !== ", " === "), (r" && ", " || "), (r" \|\| ", " && "), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
        (r"\bif \(!", "if ("), (r"\breturn (?!undefined)([\w.]+);$", r"return undefined;"),
    ],
}
ENDINGS = {"pytest": ("*.py",), "node": ("*.js", "*.mjs", "*.cjs")}
OTHER = r"(^|/)(tests?|docs?|examples?|tasks|benchmarks|setup\.py|conftest\.py|noxfile\.py|[^/]*\.config\.js|test_[^/]*|[^/]*\.test\.js)(/|$)"


def git(folder, *words):
    settings = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", folder, *settings, *words], capture_output=True, text=True, check=True).stdout.strip()


def places(folder, kind):
    """(file, line, replacement) of every fault that could be seeded: one a line, of the pattern that fits first."""
    found = []
    for path in git(folder, "ls-files", *ENDINGS[kind]).splitlines():
        if re.search(OTHER, path):
            continue
        prose = False
        for number, line in enumerate(open(os.path.join(folder, path), errors="replace").read().split("\n")):
            was_prose, quotes = prose, line.count('"""') + line.count("'''")
            prose ^= quotes % 2 == 1
            if was_prose or quotes or line.strip().startswith(("#", '"', "'", "import", "from", "@", "//", "*", "/*")):
                continue
            for pattern, instead in FAULTS[kind]:
                if re.search(pattern, line):
                    found.append((path, number, re.sub(pattern, instead, line, count=1)))
                    break
    return found


def seed(folder, place):
    path, number, line = place
    name = os.path.join(folder, path)
    lines = open(name, errors="replace").read().split("\n")
    lines[number] = line
    open(name, "w").write("\n".join(lines))


def run_suite(kind, python, folder, report, footprint=None):
    """Whether a report was written in time; with a place for it, also which test ran through what."""
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    for source in ("src", "."):
        if os.path.isdir(os.path.join(folder, source)):
            environment["PYTHONPATH"] = os.path.join(folder, source)
            break
    command = {
        "pytest": [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"],
        "node": ["node", "--test", "--test-reporter=junit", f"--test-reporter-destination={report}"],
    }[kind]
    if footprint and kind == "pytest":
        environment["COVERAGE_FILE"] = footprint
        command += [f"--cov={environment['PYTHONPATH']}", "--cov-context=test", "--cov-report="]
    elif footprint:
        environment["NODE_V8_COVERAGE"] = footprint
    if os.path.exists(report):
        os.remove(report)
    suite = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
    try:
        suite.wait(timeout=600 if footprint else 300)
    except subprocess.TimeoutExpired:
        os.killpg(suite.pid, 9)
        suite.wait()
        return False
    return os.path.exists(report)


def failing(report):
    """What fails: (group, name) of every failing case."""
    cases = set()
    # Node's reporter lets control characters through, which XML forbids.
    text = re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"?", open(report, "rb").read())
    for case in XML.fromstring(text).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            cases.add((case.get("classname", ""), case.get("name", "")))
    return cases


class Failures:
    """What is new among the failures of a report: the files, and where the report says so the cases within."""

    def __init__(self, failed, usual, cases):
        """Of files that failed before as well only those with a case that did not."""
        self.cases = cases
        self.files = {path for path in failed if path not in usual or self.names(path)}

    def names(self, path):
        """The cases of a file that failed, as its runner calls them."""
        module = path.rsplit(".", 1)[0].replace("/", ".")
        within = [(group, name) for group, name in self.cases if group == module or group.startswith(module + ".")]
        return {"::".join((group[len(module) + 1:].split(".") if group != module else []) + [name.split("[")[0]]) for group, name in within}

    def are_in(self, choice):
        """Whether a choice of fettle's, as its JSON has it, would turn red."""
        path = choice["path"]
        if path not in self.files:
            return False
        is_broken = any(not group and path.rsplit(".", 1)[0].replace("/", ".").endswith(name) for group, name in self.cases)
        names = self.names(path)
        return not choice["cases"] or is_broken or not names or any(name in names for name in choice["cases"])


class Record:
    """The history file, asked through fettle itself which test files a report's failures belong to."""

    def __init__(self, fettle, folder, history):
        self.fettle, self.folder, self.history = fettle, folder, history

    def add(self, report, branch, footprint=None):
        """Records the report; the units that failed in it."""
        words = [self.fettle, "tests", "record", "--repo", self.folder, "--history", self.history, "--branch", branch]
        done = subprocess.run(words + (["--coverage", footprint] if footprint else []) + [report], capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
        kept = json.load(open(self.history))
        return {kept["units"][place] for place in kept["sessions"][-1]["failed"]}

    def chosen(self, base, budget):
        words = [self.fettle, "tests", "select", "--repo", self.folder, "--history", self.history, "--base", base, "--observe-first", "0",
                 "--whole-run-every", "0", "--branch", "change", *budget, "--format", "json"]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return json.loads(done.stdout)


def runs(given, kind, folder, keep):
    """Place and report of every fault that some test notices, running the suite for those not kept from before."""
    base, chance = git(folder, "rev-parse", "HEAD"), random.Random(given.seed)
    usual = os.path.join(keep, "usual.xml")
    footprint = None if given.plain else os.path.join(keep, "footprint")
    if not os.path.exists(usual) and not run_suite(kind, given.python, folder, usual):
        raise SystemExit("the suite does not run here")
    if footprint and not os.path.exists(footprint) and not run_suite(kind, given.python, folder, os.path.join(keep, "measured.xml"), footprint):
        raise SystemExit("the suite does not run here with coverage")
    before = failing(usual)
    candidates = places(folder, kind)
    chance.shuffle(candidates)
    noticed = 0
    for number, place in enumerate(candidates):
        if noticed == given.faults:
            break
        report, silent = os.path.join(keep, f"{number}.xml"), os.path.join(keep, f"{number}.none")
        if os.path.exists(silent):
            continue
        seed(folder, place)
        git(folder, "commit", "-qam", "change")
        if os.path.exists(report) or run_suite(kind, given.python, folder, report):
            if failing(report) - before:
                noticed += 1
                yield place, report, failing(report) - before
        if not os.path.exists(report) or not failing(report) - before:
            open(silent, "w").close()
        git(folder, "reset", "-q", "--hard", base)


def first_of(selection, share):
    """What of a selection runs in the share of the time; a choice may be larger than that where rules demand it."""
    if selection["mode"] == "selection":
        return selection["tests"]
    limit, first = share / 100 * (selection["seconds"] + selection["seconds_left_out"]), []
    for test in selection["tests"]:
        limit -= test["seconds"]
        if limit < 0:
            break
        first.append(test)
    return first


def measure(given, kind, folder, keep, scratch):
    """Faults, and by share how many were caught and what was spent."""
    base = git(folder, "rev-parse", "HEAD")
    record = Record(os.path.abspath(given.fettle), folder, os.path.join(scratch, "history.json"))
    usual = None
    caught, spent, rules, faults = collections.Counter(), collections.Counter(), collections.Counter(), 0
    for place, report, cases in runs(given, kind, folder, keep):
        if usual is None:
            git(folder, "reset", "-q", "--hard", base)
            usual = record.add(os.path.join(keep, "usual.xml"), "main", None if given.plain else os.path.join(keep, "footprint"))
            seed(folder, place)
            git(folder, "commit", "-qam", "change")
        choices = {share: record.chosen(base, ["--target", f"{share}%"]) for share in given.share}
        new = Failures(record.add(report, f"fault-{faults}"), usual, cases)
        if not new.files:
            continue
        faults += 1
        for share, selection in choices.items():
            first = first_of(selection, share)
            is_caught = any(new.are_in(test) for test in first)
            caught[share] += is_caught
            spent[share] += sum(test["seconds"] for test in first) / max(1e-9, selection["seconds"] + selection["seconds_left_out"])
            if selection["mode"] == "everything" and share == given.share[0]:
                rules.update({rule["rule"] for rule in selection["rules"]})
                if given.explain:
                    print("everything:", place[0], sorted({rule["reason"] for rule in selection["rules"]}))
            if given.explain and not is_caught:
                order = selection["tests"] + selection["left_out"]
                ranks = [(rank + 1, test["path"], test["reasons"][:2]) for rank, test in enumerate(order) if new.are_in(test)][:2]
                print(f"missed at {share} %: {place[0]}:{place[1] + 1} {place[2].strip()}; first failing {ranks} of {len(order)}; {sorted(cases)[:3]}")
    for share in given.share:
        print(f"{share} % of the time: {caught[share]} of {faults} faults caught ({100 * caught[share] / max(1, faults):.0f} %), "
              f"{100 * spent[share] / max(1, faults):.1f} % spent")
    print(f"everything would run for {dict(rules) or 'none'}", flush=True)
    return faults, caught


def project(given, clone):
    with tempfile.TemporaryDirectory() as scratch:
        name = os.path.basename(os.path.abspath(clone))
        print(f"-- {name}", flush=True)
        folder, keep = os.path.join(scratch, "clone"), os.path.abspath(os.path.join(given.keep, name) if given.keep else os.path.join(scratch, "reports"))
        os.makedirs(keep, exist_ok=True)
        subprocess.run(["git", "clone", "-q", clone, folder], check=True)
        tests = git(folder, "ls-files", "*test*.py", "*.test.js", "*.test.mjs").splitlines()
        kind = "pytest" if sum(name.endswith(".py") for name in tests) * 2 > len(tests) else "node"
        return measure(given, kind, folder, keep, scratch)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("fettle"), options.add_argument("clones", nargs="+"), options.add_argument("--keep")
    options.add_argument("--share", type=int, action="append"), options.add_argument("--least", type=float, action="append")
    options.add_argument("--faults", type=int, default=40), options.add_argument("--seed", type=int, default=1)
    options.add_argument("--explain", action="store_true"), options.add_argument("--plain", action="store_true")
    options.add_argument("--python", default=os.environ.get("FETTLE_BENCH_PYTHON", "python3"))
    given = options.parse_args()
    given.share, given.least = given.share or [15, 33], given.least or [95, 99]
    measured = [project(given, clone) for clone in given.clones]
    faults, bad = sum(faults for faults, _ in measured), False
    print("-- all projects")
    for share, least in zip(given.share, given.least):
        rate = 100 * sum(caught[share] for _, caught in measured) / max(1, faults)
        bad |= rate < least
        print(f"{share} % of the time: {sum(caught[share] for _, caught in measured)} of {faults} faults caught ({rate:.1f} %; {least:g} % is the aim)")
    sys.exit(bad)


main()
