"""The script of the Tekton task, really run with sh and curl: it tells Fettle the right thing and ends with 0 whatever happens."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import yaml

if not shutil.which("curl"):
    print("SKIPPED: curl is not installed; the chart passed")
    sys.exit(77)

task = yaml.safe_load(open("deploy/tekton/task.yaml"))
step = task["spec"]["steps"][0]
assert task["apiVersion"] == "tekton.dev/v1" and step["onError"] == "continue" and step["timeout"]
assert "$(" not in step["script"].replace("$(cat", "").replace("$(printf", ""), "a parameter is pasted into the script"
pipeline = yaml.safe_load(open("deploy/tekton/pipeline-example.yaml"))
final = pipeline["spec"]["finally"][0]
assert final["taskRef"]["name"] == task["metadata"]["name"] and final["timeout"]
assert {"name": "pipelinerun", "value": "$(context.pipelineRun.name)"} in final["params"]
assert {p["name"] for p in final["params"]} <= {p["name"] for p in task["spec"]["params"]}
assert "kubectl" not in step["script"]

seen = []


class Answers(http.server.BaseHTTPRequestHandler):
    mode = "ok"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen.append((self.path, self.headers.get("Authorization"), self.headers.get("Content-Type"), body))
        if Answers.mode == "hang":
            time.sleep(3)
        status = 500 if Answers.mode == "broken" else 200
        text = b'{"status": "success", "result": "Issue created: https://git.example.com/octo/demo/issues/7"}'
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def run(url, mode="ok", token="a-token", quick=False):
    Answers.mode = mode
    script = step["script"].replace("--max-time 35", "--max-time 1") if quick else step["script"]
    with tempfile.TemporaryDirectory() as folder:
        answer = os.path.join(folder, "answer")
        environment = {"PATH": os.environ["PATH"], "FETTLE_URL": url, "PIPELINE_RUN": "build-x7k2p", "NAMESPACE": "ci",
                       "ANSWER": answer, "TOKEN": token}
        done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (mode, done)
        return open(answer).read()


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_address[1]}"
assert "issues/7" in run(url)
path, authorization, kind, body = seen[0]
assert (path, authorization, kind) == ("/report-failure", "Bearer a-token", "application/json"), seen
assert json.loads(body) == {"namespace": "ci", "pipelinerun": "build-x7k2p"}
run(url, "broken")
run(url, "hang", quick=True)
server.shutdown()
server.server_close()
run(url)
run("http://nowhere.invalid")
print("task: tells the right thing; exit 0 when all is well, on a 500, on silence, without a server and without a name")
