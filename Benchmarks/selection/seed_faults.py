#!/usr/bin/env python3
"""Seeds faults into a Python project one at a time, runs its whole suite, and asks which tests fettle would have chosen.

usage: seed_faults.py FETTLE CLONE [--faults 40] [--seed 1] [--python python3]

Works on a scratch clone. A fault is one changed operator, constant or condition in a line of the project's own code that the tests are
not. Every run is recorded after the choice was made, so a choice knows the runs before it only. A fault is caught by a share of the
time when one of its failing tests is among those chosen for it. Faults that no test notices are left out.
"""
import argparse, json, os, random, re, shutil, subprocess, tempfile
import xml.etree.ElementTree as XML

FAULTS = [
    (r" == ", " != "), (r" != ", " == "), (r" < ", " >= "), (r" > ", " <= "), (r" and ", " or "), (r" or ", " and "), (r" not in ", " in "),
    (r" is not None", " is None"), (r" is None", " is not None"), (r"\bTrue\b", "False"), (r"\bFalse\b", "True"), (r" \+ ", " - "),
    (r"\b1\b", "2"), (r"\b0\b", "1"), (r"\bif not ", "if "), (r"\breturn (?!None)(\w+)$", r"return None"),
]


def git(folder, *words):
    settings = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", folder, *settings, *words], capture_output=True, text=True, check=True).stdout.strip()


def places(folder):
    """(file, line, replacement) of every fault that could be seeded."""
    found = []
    for path in git(folder, "ls-files", "*.py").splitlines():
        if re.search(r"(^|/)(tests?|docs?|examples?|setup\.py|conftest\.py)(/|$)", path):
            continue
        for number, line in enumerate(open(os.path.join(folder, path), errors="replace").read().split("\n")):
            if line.strip().startswith(("#", '"', "'", "import", "from", "@")):
                continue
            for pattern, instead in FAULTS:
                if re.search(pattern, line):
                    found.append((path, number, re.sub(pattern, instead, line, count=1)))
    return found


def seed(folder, place):
    path, number, line = place
    name = os.path.join(folder, path)
    lines = open(name, errors="replace").read().split("\n")
    lines[number] = line
    open(name, "w").write("\n".join(lines))


def run_suite(python, folder, report):
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    for source in ("src", "."):
        if os.path.isdir(os.path.join(folder, source)):
            environment["PYTHONPATH"] = os.path.join(folder, source)
            break
    try:
        subprocess.run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"], cwd=folder, capture_output=True,
                       env=environment, timeout=180)
    except subprocess.TimeoutExpired:
        return None
    return failing(report) if os.path.exists(report) else None


def failing(report):
    """Test files with a failing case."""
    files = set()
    for case in XML.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            files.add(case.get("classname", ""))
    return files


def chosen(fettle, folder, base, share):
    words = [fettle, "tests", "select", "--repo", folder, "--base", base, "--observe-first", "0", "--whole-run-every", "0", "--branch",
             "change", "--target", f"{share}%", "--format", "json"]
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def is_caught(selection, classes):
    modules = {test["path"].removesuffix(".py").replace("/", ".") for test in selection["tests"]}
    return any(name == module or name.startswith(module + ".") for name in classes for module in modules)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("fettle"), options.add_argument("clone")
    options.add_argument("--faults", type=int, default=40), options.add_argument("--seed", type=int, default=1)
    options.add_argument("--python", default=os.environ.get("FETTLE_BENCH_PYTHON", "python3"))
    given = options.parse_args()
    fettle, chance = os.path.abspath(given.fettle), random.Random(given.seed)
    with tempfile.TemporaryDirectory() as scratch:
        folder, report = os.path.join(scratch, "clone"), os.path.join(scratch, "report.xml")
        subprocess.run(["git", "clone", "-q", given.clone, folder], check=True)
        base = git(folder, "rev-parse", "HEAD")
        usual = run_suite(given.python, folder, report)
        if usual is None:
            raise SystemExit("the suite does not run here")
        subprocess.run([fettle, "tests", "record", "--repo", folder, "--branch", "main", report], check=True, capture_output=True)
        caught, whole, faults, spent = {15: 0, 33: 0}, 0, 0, {15: 0.0, 33: 0.0}
        candidates = places(folder)
        chance.shuffle(candidates)
        for place in candidates:
            if faults == given.faults:
                break
            seed(folder, place)
            git(folder, "commit", "-qam", "change")
            if os.path.exists(report):
                os.remove(report)
            red = run_suite(given.python, folder, report)
            new = (red or set()) - usual
            if new:
                faults += 1
                for share in caught:
                    selection = chosen(fettle, folder, base, share)
                    whole += selection["mode"] == "everything" and share == 15
                    caught[share] += is_caught(selection, new)
                    spent[share] += selection["seconds"] / max(1e-9, selection["seconds"] + selection["seconds_left_out"])
            if red is not None:
                subprocess.run([fettle, "tests", "record", "--repo", folder, "--branch", f"fault-{faults}", report], capture_output=True)
            git(folder, "reset", "-q", "--hard", base)
        for share, count in caught.items():
            print(f"{share} % of the time: {count} of {faults} faults caught ({100 * count / max(1, faults):.0f} %), {100 * spent[share] / max(1, faults):.0f} % spent")
        print(f"everything ran for {whole} of {faults}")


main()
