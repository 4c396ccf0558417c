"""What a peer test needs around the real binary: a judge of a forge, a scripted model, `fettle serve`, and HTTP calls."""

import contextlib
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
FAKEHUB = ROOT.parent / "shared" / "fakehub" / "fakehub.py"
FETTLE = os.environ.get("FETTLE_BINARY", str(ROOT / ".build/debug/fettle"))
SECRET = "peer-test-secret"


def skip(reason):
    print(f"SKIPPED: {reason}")
    sys.exit(77)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def call(method, url, body=None, headers=None, timeout=30):
    """(status, parsed JSON or text)"""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            status, raw = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, raw = error.code, error.read()
    try:
        return status, json.loads(raw)
    except ValueError:
        return status, raw.decode("utf-8", "replace")


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class Process:
    """A program in the background; its output is kept, and it is ended by its own pid."""

    def __init__(self, name, argv, env=None, cwd=None):
        self.name = name
        self.output = tempfile.NamedTemporaryFile("w+", prefix=name, suffix=".log")
        self.process = subprocess.Popen(argv, stdout=self.output, stderr=subprocess.STDOUT, env=env, cwd=cwd)

    def text(self):
        return pathlib.Path(self.output.name).read_text(errors="replace")

    def stop(self, seconds=25):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode


class Hub:
    """The GitHub judge: every request is checked against GitHub's own API description."""

    def __init__(self, directory, webhook_port):
        if not FAKEHUB.exists():
            skip("the GitHub judge is not beside this checkout")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.directory = directory
        self.process = Process("fakehub", [
            sys.executable, str(FAKEHUB), "--port", str(self.port), "--dir", directory,
            "--webhook-url", f"http://127.0.0.1:{webhook_port}/webhooks/github", "--webhook-secret", SECRET])
        self.key = os.path.join(directory, "app.private-key.pem")
        wait_for("the judge to start", lambda: self._up() and os.path.exists(self.key))

    def _up(self):
        with contextlib.suppress(OSError):
            return call("GET", self.url + "/_fake/config")[0] == 200

    def fake(self, path, body=None):
        status, answer = call("POST" if body is not None else "GET", f"{self.url}/_fake/{path}", body)
        assert status in (200, 417), (path, status, answer)
        return answer

    def state(self, repository="octo/demo"):
        return self.fake("state")[repository]

    def requests(self):
        return [r for r in self.fake("requests") if not r["path"].startswith("/_fake")]


class Model:
    """An OpenAI-compatible server that says what the test scripts: `answer` gets the request's JSON and returns (status, body)."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        stage = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stage.requests.append(body)
                status, reply = stage.answer(body)
                raw = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()


def completion(content, finish="stop"):
    """A chat completion with this text; dictionaries become JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    return 200, {
        "id": "c", "object": "chat.completion", "created": 1, "model": "scripted",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}}


class Fettle:
    """The real binary, serving on a known port with a database in `directory`."""

    def __init__(self, directory, port, settings):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        env = {"PATH": os.environ["PATH"], "HOME": directory, "FETTLE_LISTEN": f"127.0.0.1:{port}",
               "FETTLE_DATABASE": f"sqlite:{directory}/fettle.sqlite", **settings}
        self.process = Process("fettle", [FETTLE, "serve"], env=env, cwd=directory)
        wait_for("fettle to listen", self._listening)

    def _listening(self):
        if self.process.process.poll() is not None:
            raise AssertionError("fettle ended early:\n" + self.process.text())
        return "listening on http://" in self.process.text()

    def stop(self):
        return self.process.stop()
