"""Drives each server with the same signed deliveries and reads its CPU time from /proc."""

import argparse
import asyncio
import hashlib
import hmac
import itertools
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

HERE = Path(__file__).parent
SECRET = "benchmark-secret"
PAYLOAD_BYTES = 24_261  # a real pull_request payload, minified
TICK = os.sysconf("SC_CLK_TCK")


PERSON_LINKS = "avatar html followers following gists starred subscriptions organizations repos events received_events".split()
REPOSITORY_LINKS = """html forks keys collaborators teams hooks issue_events events assignees branches tags blobs git_tags git_refs trees statuses
    languages stargazers contributors subscribers subscription commits git_commits comments issue_comment contents compare merges archive
    downloads issues pulls milestones notifications labels releases deployments git ssh clone svn""".split()


def payload() -> bytes:
    """A pull_request event whose action no job comes of, shaped and sized like a real one, and somewhat harder to compress."""
    chance = random.Random(1)

    def person(number: int) -> dict:
        return {"login": f"user-{number}", "id": chance.randrange(10**8), "node_id": chance.randbytes(9).hex(), "type": "User", "site_admin": False,
                **{f"{name}_url": f"https://api.example/users/user-{number}/{name}" for name in PERSON_LINKS}}

    repository = {"id": 186853002, "node_id": chance.randbytes(9).hex(), "full_name": "owner/repository", "name": "repository", "private": False,
                  "owner": person(1), "default_branch": "main", "description": None, "fork": False, "size": 120, "open_issues": 2,
                  **{f"{name}_url": f"https://api.example/repos/owner/repository/{name}{{/sha}}" for name in REPOSITORY_LINKS}}

    def side(name: str) -> dict:
        return {"label": f"owner:{name}", "ref": name, "sha": chance.randbytes(20).hex(), "user": person(2), "repo": repository}

    pull = {"number": 7, "state": "open", "title": "A change", "user": person(3), "body": "", "head": side("topic"), "base": side("main"),
            "labels": [{"id": 1, "name": "bug"}], "draft": False, "merged": False, "created_at": "2026-01-01T00:00:00Z",
            "requested_reviewers": []}
    event = {"action": "labeled", "number": 7, "pull_request": pull, "repository": repository, "sender": person(4)}

    def left() -> int:
        return PAYLOAD_BYTES - len(json.dumps(event, separators=(",", ":")))

    while left() > 3000:
        pull["requested_reviewers"].append(person(10 + len(pull["requested_reviewers"])))
    words = (chance.randbytes(chance.randint(1, 5)).hex() for _ in range(PAYLOAD_BYTES))
    pull["body"] = " ".join(itertools.islice(words, 600))[:left()]
    body = json.dumps(event, separators=(",", ":")).encode()
    assert len(body) == PAYLOAD_BYTES
    return body


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads, in the kernel's ticks of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_mib(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, name: str, command: list[str], environment: dict[str, str], port: int | None):
        self.name = name
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if port is None:
            line = self.process.stdout.readline()
            assert line.startswith("listening on http://"), f"{name} did not start: {line!r}"
            port = int(line.strip().rpartition(":")[2])
        self.port = port
        self.costs: list[float] = []
        self.rates: list[float] = []
        self.await_port()

    def await_port(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{self.name} does not listen")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


async def client(port: int, count: int, head: bytes, body: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    accepted = 0
    for _ in range(count):
        writer.write(head + f"X-GitHub-Delivery: {uuid.uuid4()}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        accepted += answer.startswith(b"HTTP/1.1 202")
        lines = answer.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
        if length is None:
            while int((await reader.readuntil(b"\r\n")).strip(), 16) > 0:
                await reader.readuntil(b"\r\n")
            await reader.readuntil(b"\r\n")
        else:
            await reader.readexactly(length)
    writer.close()
    return accepted


def drive(server: Server, deliveries: int, connections: int, body: bytes) -> None:
    signature = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
    head = (f"POST /webhooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: GitHub-Hookshot/1\r\nAccept: */*\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nX-GitHub-Event: pull_request\r\n"
            f"X-GitHub-Hook-ID: 1\r\nX-Hub-Signature-256: sha256={signature}\r\n").encode()

    async def all_clients() -> int:
        return sum(await asyncio.gather(*[client(server.port, deliveries // connections, head, body) for _ in range(connections)]))

    total = deliveries // connections * connections
    before, start = cpu_seconds(server.process.pid), time.monotonic()
    accepted = asyncio.run(all_clients())
    wall = time.monotonic() - start
    settle(server.process.pid)
    assert accepted == total, f"{server.name}: {accepted} of {total} accepted"
    server.costs.append((cpu_seconds(server.process.pid) - before) / total * 1e6)
    server.rates.append(total / wall)


def settle(pid: int) -> None:
    """Waits until the server rests: what it still does with the deliveries belongs to their cost."""
    last, rest = cpu_seconds(pid), 0
    for _ in range(400):
        time.sleep(0.05)
        now = cpu_seconds(pid)
        rest = rest + 1 if now == last else 0
        last = now
        if rest == 4:
            return


def hmac_cost(body: bytes, count: int) -> float:
    begin = time.process_time()
    for _ in range(count):
        hmac.digest(SECRET.encode(), body, "sha256")
    return (time.process_time() - begin) / count * 1e6


def start_servers(folder: Path) -> list[Server]:
    binary = os.environ.get("FETTLE_BINARY", str(HERE.parent.parent / ".build/release/fettle"))
    common = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    servers = [Server("Fettle", [binary, "serve"], {
        **common, "FETTLE_LISTEN": "127.0.0.1:0", "FETTLE_DATABASE": f"sqlite:{folder}/fettle.sqlite",
        "FETTLE_GITHUB_TOKEN": "none", "FETTLE_GITHUB_WEBHOOK_SECRET": SECRET}, None)]
    port = free_port()
    servers.append(Server("FastAPI + SQLite(FULL)", [
        sys.executable, "-m", "uvicorn", "--app-dir", str(HERE), "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
        "--no-access-log", "--loop", "uvloop", "--http", "httptools", "peer_fastapi:app"],
        {**common, "SECRET": SECRET, "DATABASE": f"{folder}/fastapi.sqlite"}, port))
    if node := shutil.which("node"):
        port = free_port()
        servers.append(Server("Node + fdatasync, no database", [node, str(HERE / "peer_node.js")],
                              {**common, "SECRET": SECRET, "DATABASE": f"{folder}/node.bin", "PORT": str(port)}, port))
    return servers


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--deliveries", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    body = payload()
    with tempfile.TemporaryDirectory(prefix="fettle-ingest-") as name:
        servers = start_servers(Path(name))
        hashes: list[float] = []
        try:
            for server in servers:
                drive(server, options.deliveries // 4, options.connections, body)
                server.costs.clear()
                server.rates.clear()
            for _ in range(options.rounds):
                hashes.append(hmac_cost(body, options.deliveries))
                for server in servers:
                    drive(server, options.deliveries, options.connections, body)
            memory = [peak_mib(server.process.pid) for server in servers]
        finally:
            for server in servers:
                server.stop()
    return report(servers, memory, hashes, options)


def report(servers: list[Server], memory: list[float], hashes: list[float], options: argparse.Namespace) -> int:
    fettle, fastapi = servers[0], servers[1]
    print(f"{options.rounds} rounds of {options.deliveries} deliveries of {PAYLOAD_BYTES} bytes, {options.connections} connections; CPU µs a delivery")
    print(f"{'':32}{'median':>9}{'lowest':>9}{'highest':>9}{'req/s':>9}{'peak MiB':>10}")
    for server, mib in zip(servers, memory):
        print(f"{server.name:32}{statistics.median(server.costs):9.0f}{min(server.costs):9.0f}{max(server.costs):9.0f}"
              f"{statistics.median(server.rates):9.0f}{mib:10.0f}")
    print(f"{'HMAC alone':32}{statistics.median(hashes):9.0f}{min(hashes):9.0f}{max(hashes):9.0f}")
    to_fastapi = statistics.median(ours / theirs for ours, theirs in zip(fettle.costs, fastapi.costs))
    to_hmac = statistics.median(ours / alone for ours, alone in zip(fettle.costs, hashes))
    good = to_fastapi <= 0.55 and to_hmac <= 4
    print(f"Fettle is {to_fastapi:.2f} of FastAPI (bound 0.55) and {to_hmac:.1f} times the HMAC alone (bound 4): {'holds' if good else 'DOES NOT HOLD'}")
    return 0 if good or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
