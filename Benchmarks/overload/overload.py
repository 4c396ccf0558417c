"""One client process on epoll, so that the burst is limited by the server and not by the client."""

import argparse
import hashlib
import hmac
import json
import os
import pathlib
import selectors
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks/ingest"))
FETTLE = os.environ.get("FETTLE_BINARY", str(ROOT / ".build/release/fettle"))
SECRET = "benchmark-secret"


class Silence:
    """A server that takes every connection and never says a word: forge and model at their worst."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.held = []
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            self.held.append(self.socket.accept()[0])


def pull_request(number):
    """A pull request that a review job comes of."""
    repository = {"id": 1, "name": "demo", "full_name": "octo/demo", "owner": {"login": "octo", "id": 1}, "default_branch": "main"}
    side = {"ref": "main", "sha": f"{number:040x}", "repo": repository}
    return json.dumps({
        "action": "opened", "number": number, "repository": repository, "sender": {"login": "mona", "id": 2, "type": "User"},
        "installation": {"id": 1},
        "pull_request": {"id": number, "number": number, "state": "open", "title": "A change", "draft": False, "merged": False,
                         "user": {"login": "mona", "id": 2, "type": "User"}, "body": "x" * 20_000,
                         "head": {**side, "ref": f"b{number}"}, "base": {**side, "sha": "b" * 40}}}).encode()


def requests(port, first, count):
    for number in range(first, first + count):
        body = pull_request(number)
        signature = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        head = (f"POST /webhooks/github HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                f"X-GitHub-Event: pull_request\r\nX-GitHub-Delivery: d-{number}\r\nX-GitHub-Hook-ID: 1\r\n"
                f"X-Hub-Signature-256: sha256={signature}\r\n\r\n")
        yield f"d-{number}", head.encode() + body


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.out = memoryview(b"")
        self.answer = b""
        self.delivery = None
        self.begun = 0.0


class Client:
    """Many connections, one delivery at a time on each. `rate`: deliveries a second over all; None for as fast as answers come."""

    def __init__(self, port, prepared, connections, rate=None):
        self.port, self.waiting, self.rate = port, list(reversed(prepared)), rate
        self.results = {}
        self.selector = selectors.DefaultSelector()
        self.idle = [Connection(port) for _ in range(connections)]
        self.busy = 0
        self.sent = 0
        self.start = time.monotonic()

    def run(self):
        """{delivery: (status, seconds)}; 0 where the connection broke."""
        while self.waiting or self.busy:
            self.begin_due()
            for key, events in self.selector.select(0.002 if self.rate else 30):
                self.serve(key.data, events)
        return self.results

    def begin_due(self):
        while self.waiting and self.idle and (not self.rate or self.sent < (time.monotonic() - self.start) * self.rate):
            connection = self.idle.pop()
            connection.delivery, data = self.waiting.pop()
            connection.out, connection.answer, connection.begun = memoryview(data), b"", time.monotonic()
            self.selector.register(connection.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, connection)
            self.busy += 1
            self.sent += 1

    def serve(self, connection, events):
        try:
            if events & selectors.EVENT_WRITE and connection.out:
                connection.out = connection.out[connection.socket.send(connection.out):]
                if not connection.out:
                    self.selector.modify(connection.socket, selectors.EVENT_READ, connection)
            if events & selectors.EVENT_READ:
                chunk = connection.socket.recv(65536)
                if not chunk:
                    raise ConnectionError
                connection.answer += chunk
                if complete(connection.answer):
                    self.end(connection, int(connection.answer[9:12]))
        except BlockingIOError:
            pass
        except ConnectionError:
            self.end(connection, 0)

    def end(self, connection, status):
        self.results[connection.delivery] = (status, time.monotonic() - connection.begun)
        self.selector.unregister(connection.socket)
        self.busy -= 1
        if status == 0 or b"\r\nconnection: close" in connection.answer.lower():
            connection.socket.close()
            connection = Connection(self.port)
        self.idle.append(connection)


def complete(answer):
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line[15:])
    return body.endswith(b"0\r\n\r\n")


def peak_mib(pid):
    line = next(line for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def times(results, accepted, share):
    """That share of the accepted were acknowledged in at most so many milliseconds."""
    ordered = sorted(seconds for name, (_, seconds) in results.items() if name in accepted)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else float("inf")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    silence = Silence()
    with tempfile.TemporaryDirectory(prefix="fettle-overload-") as folder:
        database = f"{folder}/fettle.sqlite"
        environment = {
            "PATH": os.environ["PATH"], "FETTLE_LISTEN": "127.0.0.1:0", "FETTLE_DATABASE": f"sqlite:{database}",
            "FETTLE_GITHUB_URL": silence.url, "FETTLE_GITHUB_TOKEN": "ghp_x", "FETTLE_GITHUB_WEBHOOK_SECRET": SECRET,
            "FETTLE_LLM_URL": silence.url + "/v1", "FETTLE_LLM_MODEL": "silent", "FETTLE_LOG_LEVEL": "warning"}
        server = subprocess.Popen([FETTLE, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        port = int(server.stdout.readline().rpartition(":")[2])
        prepared = list(requests(port, 1, options.deliveries))
        start = time.monotonic()
        results = Client(port, prepared, options.connections).run()
        wall = time.monotonic() - start
        steady = Client(port, list(requests(port, options.deliveries + 1, options.rate * 10)), 50, options.rate).run()
        peak = peak_mib(server.pid)
        held = len(silence.held)
        server.kill()
        server.wait()
        rows = {row[0] for row in sqlite3.connect(database).execute("SELECT delivery_id FROM deliveries")}
    return report(results, steady, rows, wall, peak, held, options)


def report(results, steady, rows, wall, peak, held, options):
    both = results | steady
    accepted = {name for name, (status, _) in both.items() if 200 <= status < 300}
    refused = {name for name, (status, _) in both.items() if status == 503}
    other = {name: status for name, (status, _) in both.items() if name not in accepted and name not in refused}
    lost = accepted - rows
    print(f"{options.deliveries} deliveries of 20 KiB from {options.connections} connections at once, then {options.rate} a second for ten seconds, "
          f"while {held} calls to forge and model hang")
    print(f"  2xx {len(accepted)}, 503 {len(refused)}, anything else {len(other)} {dict(list(other.items())[:3])}; the burst took {wall:.1f} s "
          f"({len(results) / wall:.0f}/s), p50 {times(results, accepted, 0.5):.0f} ms, p99 {times(results, accepted, 0.99):.0f} ms")
    p99 = times(steady, accepted, 0.99)
    bounds = [
        ("each answered 2xx or 503", not other and len(results) == options.deliveries, ""),
        ("every 2xx has its row", not lost, f"{len(lost)} lost of {len(accepted)}"),
        (f"acknowledgement p99 < 250 ms at {options.rate}/s", p99 < 250, f"p50 {times(steady, accepted, 0.5):.0f} ms, p99 {p99:.0f} ms"),
        ("peak memory < 256 MiB", peak < 256, f"{peak:.0f} MiB"),
        ("the forge was really hanging", held > 0, f"{held} calls"),
    ]
    for name, holds, figure in bounds:
        print(f"  {'met   ' if holds else 'MISSED'} {name}  {figure}")
    return int(options.check and not all(holds for _, holds, _ in bounds))


sys.exit(main())
