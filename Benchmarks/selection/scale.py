#!/usr/bin/env python3
"""How long a selection takes in a large repository, and how much memory it needs.

usage: scale.py FETTLE [--files 100000] [--tests 10000] [--commits 500] [--budget-seconds 1] [--budget-megabytes 300]

The repository is made up here: packages of sources that import one another, tests that import a package, and a history in which few files
change at a time. The first run is cold, the following are warm; the last begin with an index made some commits earlier, as in CI. The report
of one whole run is recorded before.
"""
import argparse, os, random, shutil, subprocess, sys, tempfile, time


def fill(folder, files, tests, commits, chance):
    """Feeds git with the tree and its history in one stream."""
    sources = files - tests
    packages = max(1, sources // 50)
    name = lambda index: f"src/area{index % 97}/package{index // 50}/module{index}.py"
    feed = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    write = lambda text: feed.stdin.write(text.encode())

    def source(index, version):
        lines = [f"from src.area{other % 97}.package{other // 50} import module{other}" for other in (chance.randrange(sources) for _ in range(4))]
        lines += [f"def compute_{index}_{part}(value, limit):\n    total = value + {version}\n    return total if total < limit else helper_{chance.randrange(5000)}(total)" for part in range(6)]
        return "\n".join(lines) + "\n"

    def test(index):
        lines = [f"from src.area{other % 97}.package{other // 50}.module{other} import compute_{other}_1" for other in (chance.randrange(sources) for _ in range(3))]
        lines += [f"def test_case_{index}_{part}():\n    assert compute_{chance.randrange(sources)}_1({part}, 10) == {part}" for part in range(8)]
        return "\n".join(lines) + "\n"

    def commit(number, entries):
        write(f"commit refs/heads/main\ncommitter b <b@example.org> {1700000000 + number} +0000\ndata 1\nc\n")
        for path, text in entries:
            write(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")

    commit(0, [(name(index), source(index, 0)) for index in range(sources)] + [(f"tests/area{index % 97}/test_module{index}.py", test(index)) for index in range(tests)])
    for number in range(1, commits):
        commit(number, [(name(index), source(index, number)) for index in (chance.randrange(sources) for _ in range(3))])
    feed.stdin.close()
    if feed.wait():
        sys.exit("git fast-import failed")


def run(words):
    """Seconds and peak megabytes of one run."""
    before = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(words)}: status {status}")
    return time.monotonic() - before, usage.ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser()
    options.add_argument("fettle"), options.add_argument("--files", type=int, default=100_000), options.add_argument("--tests", type=int, default=10_000)
    options.add_argument("--commits", type=int, default=500), options.add_argument("--runs", type=int, default=5)
    options.add_argument("--budget-seconds", type=float, default=1), options.add_argument("--budget-megabytes", type=float, default=300)
    given = options.parse_args()
    fettle = os.path.abspath(given.fettle)
    with tempfile.TemporaryDirectory() as scratch:
        folder, report = f"{scratch}/repository", f"{scratch}/report.xml"
        subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
        fill(folder, given.files, given.tests, given.commits, random.Random(1))
        cases = "".join(f'<testcase classname="tests.area{index % 97}.test_module{index}" name="test_case" time="1"/>' for index in range(given.tests))
        open(report, "w").write(f"<testsuite>{cases}</testsuite>")
        print("record: %.2f s, %.0f MB" % run([fettle, "tests", "record", "--repo", folder, report]))
        select = [fettle, "tests", "select", "--repo", folder, "--base", "HEAD~1", "--observe-first", "0", "--target", "10%", "--format", "json"]
        print("cold: %.2f s, %.0f MB" % run(select))
        def report_on(what, runs):
            seconds, megabytes = sorted(seconds for seconds, _ in runs)[len(runs) // 2], max(megabytes for _, megabytes in runs)
            print(f"{what}: {seconds:.2f} s (median of {len(runs)}), {megabytes:.0f} MB; {given.tests} tests, {given.files} files")
            return seconds <= given.budget_seconds and megabytes <= given.budget_megabytes

        good = report_on("warm", [run(select) for _ in range(given.runs)])
        behind, index = min(20, given.commits - 2), f"{scratch}/index"
        run([word.replace("HEAD~1", f"HEAD~{behind + 1}") for word in select] + ["--head", f"HEAD~{behind}", "--index", index])
        later = []
        for _ in range(given.runs):
            shutil.copy(index, f"{index}.copy")
            later.append(run(select + ["--index", f"{index}.copy"]))
        good = report_on(f"warm, {behind} commits later", later) and good
        sys.exit(not good)


if __name__ == "__main__":
    main()
