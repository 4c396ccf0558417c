"""Runs each queue over fresh databases in turn and prints the median rates."""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).parent
BOUNDS = {"fettle, SQLite": 1000, "fettle, PostgreSQL": 2000}


class PostgreSQL:
    """A server of our own, durable, stopped with us."""

    def __init__(self, folder):
        self.folder = folder
        self.process = subprocess.Popen([str(ROOT / "scripts/postgresql-server"), folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().strip()
        self.reason = None if line == "ready" else line or "the server did not start"

    def fresh(self, name):
        bin_ = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        subprocess.run([str(bin_ / "createdb"), "--host", self.folder, "--username", "fettle", name], check=True)
        return f"postgres:///{name}?host={self.folder}&user=fettle"

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


def rates(command):
    run = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if run.returncode != 0:
        return run.stderr.strip().splitlines()[-1:] or ["failed"]
    return [float(word) for word in run.stdout.split()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=5000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory(prefix="fettle-bench-") as folder:
        os.chmod(folder, 0o755)
        server = PostgreSQL(folder + "/pg")
        for turn in range(options.rounds):
            runs = {"fettle, SQLite": [options.bench, f"{folder}/{turn}.sqlite", str(options.jobs)]}
            if server.reason is None:
                runs["fettle, PostgreSQL"] = [options.bench, server.fresh(f"fettle_{turn}"), str(options.jobs)]
                runs["procrastinate, PostgreSQL"] = [
                    sys.executable, str(HERE / "peer_procrastinate.py"), server.fresh(f"peer_{turn}"), str(options.jobs)]
            for name, command in runs.items():
                results.setdefault(name, []).append(rates(command))
        if server.reason is not None:
            print(f"SKIPPED: PostgreSQL: {server.reason}")
        server.stop()
    return report(results, options)


def report(results, options):
    print(f"{options.jobs} no-op jobs, {options.rounds} rounds, median (lowest-highest)\n")
    print(f"{'queue':28} {'queued/s':>22} {'run/s':>22}  bound")
    status = 0
    for name, runs in results.items():
        good = [run for run in runs if len(run) == 2 and all(isinstance(value, float) for value in run)]
        if not good:
            print(f"{name:28} SKIPPED: {runs[0][0]}")
            continue
        columns = [f"{statistics.median(c):.0f} ({min(c):.0f}-{max(c):.0f})" for c in zip(*good)]
        bound = BOUNDS.get(name)
        met = "" if bound is None else f"{bound} {'met' if statistics.median(r[1] for r in good) >= bound else 'MISSED'}"
        status |= met.endswith("MISSED")
        print(f"{name:28} {columns[0]:>22} {columns[1]:>22}  {met}")
    return int(status) if options.check else 0


sys.exit(main())
