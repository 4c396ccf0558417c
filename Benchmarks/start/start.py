"""Start-up time, idle memory, size and symbols of the release binary."""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
BINARY = os.environ.get("FETTLE_BINARY", str(HERE.parent.parent / ".build/release/fettle"))
RECORDED = HERE / "size.txt"


def milliseconds(command: list[str], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - begin) * 1000)
    return times


def processor_milliseconds(command: list[str], rounds: int) -> float:
    """User and system time of one run, whatever else the machine does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(rounds):
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / rounds * 1000


def idle_mib() -> float:
    """Resident memory five seconds after the first line, once nothing moves."""
    with tempfile.TemporaryDirectory(prefix="fettle-start-") as folder:
        environment = {"PATH": os.environ["PATH"], "FETTLE_LISTEN": "127.0.0.1:0", "FETTLE_DATABASE": f"sqlite:{folder}/fettle.sqlite",
                       "FETTLE_GITHUB_TOKEN": "none", "FETTLE_GITHUB_WEBHOOK_SECRET": "benchmark-secret"}
        process = subprocess.Popen([BINARY, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            process.stdout.readline()
            time.sleep(5)
            line = next(line for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
            return int(line.split()[1]) / 1024
        finally:
            process.terminate()
            process.wait(30)


def stripped_bytes() -> int:
    with tempfile.TemporaryDirectory(prefix="fettle-start-") as folder:
        copy = shutil.copy(BINARY, folder)
        subprocess.run(["strip", copy], check=True)
        return os.path.getsize(copy)


def icu_symbols() -> int:
    names = subprocess.run(["nm", "--defined-only", BINARY], capture_output=True, text=True, check=True).stdout
    needed = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
    return sum("FoundationICU" in line or "icudt" in line for line in (names + needed).splitlines())


def main() -> int:
    start = milliseconds([BINARY, "--version"], 40)
    floor = milliseconds(["/bin/true"], 40)
    size, memory, icu = stripped_bytes(), idle_mib(), icu_symbols()
    recorded = int(RECORDED.read_text()) if RECORDED.exists() else size
    rows = [
        ("--version, median of 40", f"{statistics.median(start):.1f} ms", "< 10 ms", statistics.median(start) < 10),
        ("  its CPU time, mean of 40", f"{processor_milliseconds([BINARY, '--version'], 40):.1f} ms", "", True),
        ("  /bin/true the same way", f"{statistics.median(floor):.1f} ms", "", True),
        ("  curl --version, CPU time", f"{processor_milliseconds(['curl', '--version'], 40):.1f} ms" if shutil.which("curl") else "no curl", "", True),
        ("serve, idle, resident", f"{memory:.1f} MiB", "< 40 MiB", memory < 40),
        ("binary, stripped", f"{size:,} bytes", f"<= {recorded * 11 // 10:,}", size <= recorded * 1.1),
        ("FoundationICU symbols", str(icu), "0", icu == 0),
    ]
    for name, value, bound, good in rows:
        print(f"{name:28}{value:>20}   {f'(bound {bound})' if bound else '':>26}   {'' if good else 'DOES NOT HOLD'}")
    return 0 if all(row[3] for row in rows) or "--check" not in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
