#!/usr/bin/env python3
"""Builds generated Dockerfiles and runs what comes out: not as root, healthy, gone within two seconds of SIGTERM, layers reused.

No registry is asked: one Debian system with the languages' tools stands in under the names the Dockerfiles begin with. It is made once, by
debootstrap, in the folder FETTLE_STAND_IN names (default .build/stand-in). Needs root, buildah, podman and debootstrap.
"""
import json, os, re, shutil, subprocess, sys, tempfile, time

FETTLE = os.path.abspath(os.environ.get("FETTLE_BINARY", ".build/debug/fettle"))
STAND_IN = os.path.abspath(os.environ.get("FETTLE_STAND_IN", ".build/stand-in"))
PACKAGES = "ca-certificates python3 python3-venv python-is-python3 nodejs npm golang-go rustc cargo ruby bundler gcc libc6-dev make libcurl4 libxml2 libsqlite3-0 libncurses6 libedit2 libstdc++-12-dev binutils zlib1g-dev php-cli composer apache2 libapache2-mod-php elixir erlang-dev erlang-syntax-tools"
MIRROR = os.environ.get("FETTLE_DEBIAN_MIRROR", "http://deb.debian.org/debian")
NAME = "localhost/fettle-stand-in:2"
# What the image of PHP brings beside Debian's Apache.
FOREGROUND = """#!/bin/sh
export APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data APACHE_LOG_DIR=/tmp
exec apache2 -DFOREGROUND
"""

PYTHON_APP = """import http.server, os


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"VERSION")


http.server.HTTPServer(("", int(os.environ.get("PORT", 8080))), Handler).serve_forever()
"""
# Closing before the question was read resets the connection, and the answer is lost.
RUST_APP = """use std::io::{Read, Write};

fn main() {
    let listener = std::net::TcpListener::bind("0.0.0.0:8080").unwrap();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.0 200 OK\\r\\n\\r\\nVERSION");
    }
}
"""
GO_APP = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("VERSION")) })\n\thttp.ListenAndServe(":8080", nil)\n}\n'
NODE_APP = "require('http').createServer((q, a) => a.end('VERSION')).listen(process.env.PORT || 8080)\n"
C_APP = """#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    int one = 1, server = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8080)};
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 8)) return 1;
    for (;;) {
        int client = accept(server, 0, 0);
        const char *answer = "HTTP/1.0 200 OK\\r\\n\\r\\nVERSION";
        if (client < 0) return 1;
        (void)!write(client, answer, strlen(answer));
        shutdown(client, SHUT_WR);
        close(client);
    }
}
"""
SWIFT_APP = """#if canImport(Glibc)
    import Glibc
#endif

let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
var address = sockaddr_in()
address.sin_family = sa_family_t(AF_INET)
address.sin_port = in_port_t(8080).bigEndian
let size = socklen_t(MemoryLayout<sockaddr_in>.size)
let bound = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(server, $0, size) } }
guard bound == 0, listen(server, 8) == 0 else { exit(1) }
while true {
    let client = accept(server, nil, nil)
    let answer = "HTTP/1.0 200 OK\\r\\n\\r\\nVERSION"
    _ = write(client, answer, answer.utf8.count)
    close(client)
}
"""
ELIXIR_APP = """defmodule X do
  use Application

  def start(_type, _arguments) do
    port = String.to_integer(System.get_env("PORT", "8080"))
    {:ok, server} = :gen_tcp.listen(port, [:binary, active: false, reuseaddr: true])
    Supervisor.start_link([{Task, fn -> accept(server) end}], strategy: :one_for_one)
  end

  defp accept(server) do
    {:ok, client} = :gen_tcp.accept(server)
    :gen_tcp.send(client, "HTTP/1.0 200 OK\\r\\n\\r\\nVERSION")
    :gen_tcp.close(client)
    accept(server)
  end
end
"""

# name: (files, the source file that changes)
PROJECTS = {
    "node": ({"package.json": '{"name": "x", "version": "1.0.0", "private": true, "scripts": {"start": "node server.js", "test": "node --version"}}\n',
              "package-lock.json": '{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "x", "version": "1.0.0"}}}\n',
              "server.js": NODE_APP}, "server.js"),
    "python": ({"app.py": PYTHON_APP, "requirements.txt": ""}, "app.py"),
    "go": ({"go.mod": "module example.org/x\n\ngo 1.19\n", "main.go": GO_APP}, "main.go"),
    "rust": ({"Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n', "Cargo.lock": 'version = 3\n\n[[package]]\nname = "x"\nversion = "0.1.0"\n', "src/main.rs": RUST_APP}, "src/main.rs"),
    "ruby": ({"Gemfile": "# no gems beside Ruby's own\n", "Gemfile.lock": "GEM\n  specs:\n\nPLATFORMS\n  x86_64-linux\n\nDEPENDENCIES\n\nBUNDLED WITH\n   2.3.15\n",
              "app.rb": "require 'socket'\nserver = TCPServer.new('0.0.0.0', (ENV['PORT'] || 8080).to_i)\nloop do\n  client = server.accept\n  client.write(\"HTTP/1.0 200 OK\\r\\n\\r\\nVERSION\")\n  client.close\nend\n"}, "app.rb"),
    "c": ({"Makefile": "server: src/main.c\n\tcc -Wall -Werror -o $@ $<\n", "src/main.c": C_APP}, "src/main.c"),
    "php": ({"composer.json": '{"name": "x/x", "type": "project", "require": {"php": ">=8.2"}}\n', "public/index.php": "<?php echo 'VERSION';\n"}, "public/index.php"),
    "elixir": ({"mix.exs": 'defmodule X.MixProject do\n  use Mix.Project\n  def project, do: [app: :x, version: "0.1.0", elixir: "~> 1.14"]\n  def application, do: [mod: {X, []}, extra_applications: [:logger]]\nend\n', "lib/x.ex": ELIXIR_APP}, "lib/x.ex"),
    "swift": ({"Package.swift": '// swift-tools-version: 5.9\nimport PackageDescription\nlet package = Package(name: "x", targets: [.executableTarget(name: "server")])\n', "Sources/server/main.swift": SWIFT_APP}, "Sources/server/main.swift"),
}


def sh(*command, check=True, timeout=600, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **more)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command[:8])}\n{(done.stdout + done.stderr)[-1500:]}")
    return done


def swift_home():
    return os.path.realpath(shutil.which("swift") or "/nowhere").split("/usr/bin/")[0]


def stand_in():
    """The image that stands in for every base."""
    if sh("buildah", "inspect", "--type", "image", NAME, check=False).returncode == 0:
        return
    end = time.time() + int(os.environ.get("FETTLE_STAND_IN_SECONDS", 600))
    left = lambda: max(1, end - time.time())
    root = STAND_IN + "/rootfs"
    if not os.path.exists(root + "/usr/bin/elixir"):
        shutil.rmtree(STAND_IN, ignore_errors=True)
        os.makedirs(STAND_IN)
        sh("debootstrap", "--variant=minbase", "bookworm", root, MIRROR, timeout=left())
        shutil.copy("/etc/resolv.conf", root + "/etc/resolv.conf")
        sh("chroot", root, "sh", "-c", f"apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends {PACKAGES}", timeout=left())
    with open(root + "/usr/local/bin/apache2-foreground", "w") as script:
        script.write(FOREGROUND)
    os.chmod(script.name, 0o755)
    # Swift is mounted from this machine.
    if not os.path.lexists(root + "/usr/bin/swift"):
        os.symlink(swift_home() + "/usr/bin/swift", root + "/usr/bin/swift")
    container = sh("buildah", "from", "scratch").stdout.strip()
    sh("buildah", "add", "--quiet", container, root, "/", timeout=left())
    sh("buildah", "commit", "--quiet", container, NAME, timeout=left())
    sh("buildah", "rm", container)


def build(folder, tag, mounts):
    """Stages are named `FROM image AS name`; every image is the stand-in."""
    text = open(folder + "/Dockerfile").read()
    for image in sorted(set(re.findall(r"^FROM (\S+)", text, re.M))):
        name = image if "/" in image.split(":")[0] else "docker.io/library/" + image
        sh("buildah", "tag", NAME, name)
    volumes = [f"--volume={m}:{m}:ro" for m in mounts]
    return sh("buildah", "bud", "--layers", "--pull=never", "--network=none", *volumes, "--tag", tag, folder, timeout=900)


def answers(name, expected):
    """What the container says on its port, asked from inside: it has no network but its own."""
    script = "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3"
    for _ in range(60):
        done = sh("podman", "exec", name, "bash", "-c", script, check=False)
        if expected in done.stdout:
            return True
        time.sleep(0.5)
    return False


def run(name, tag, expected, failures):
    fail = lambda what: (failures.append(name), print(f"FAIL {name}: {what}"))
    container = f"fettle-peer-{name}"
    sh("podman", "rm", "--force", container, check=False)
    sh("podman", "run", "--detach", "--name", container, "--network=none", "--read-only", "--tmpfs=/tmp", tag)
    try:
        if not answers(container, expected):
            fail("no answer: " + sh("podman", "logs", container, check=False).stderr[-500:])
            return
        user = sh("podman", "exec", container, "id", "-u").stdout.strip()
        if user in ("", "0"):
            fail(f"runs as user {user!r}")
        healthy = sh("podman", "healthcheck", "run", container, check=False)
        if healthy.returncode:
            fail("healthcheck: " + healthy.stdout + healthy.stderr)
        begin = time.time()
        sh("podman", "stop", "--time", "10", container)
        took = time.time() - begin
        if took >= 2:
            fail(f"took {took:.1f} s to stop")
    finally:
        sh("podman", "rm", "--force", container, check=False)


def main():
    missing = [tool for tool in ("buildah", "podman", "debootstrap") if not shutil.which(tool)]
    if os.geteuid() != 0:
        missing.append("root")
    if missing:
        print(f"skipped: building images needs {', '.join(missing)}")
        return 77
    os.environ.setdefault("CONTAINERS_CONF", os.path.abspath("../shared/data/containers.conf"))
    os.environ["BUILDAH_FORMAT"] = "docker"
    try:
        stand_in()
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"skipped: no stand-in for the base images can be made here: {error}")
        return 77
    swift = swift_home()
    failures, done = [], 0
    deadline = time.time() + int(os.environ.get("FETTLE_IMAGES_SECONDS", 900))
    for name, (files, source) in PROJECTS.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        if time.time() > deadline:
            print(f"left out: {name} (no time left; FETTLE_IMAGES_SECONDS)")
            continue
        if name == "swift" and not os.path.isdir(swift):
            print("left out: swift (not installed)")
            continue
        with tempfile.TemporaryDirectory() as folder:
            def write(version):
                for path, text in files.items():
                    os.makedirs(os.path.dirname(f"{folder}/{path}") or folder, exist_ok=True)
                    if version == "first" or path == source:
                        open(f"{folder}/{path}", "w").write(text.replace("VERSION", version))

            write("first")
            made = sh(FETTLE, "generate", "dockerfile", "--repo", folder, check=False)
            if not os.path.exists(folder + "/Dockerfile"):
                failures.append(name)
                print(f"FAIL {name}: no Dockerfile: {made.stdout}{made.stderr}")
                continue
            try:
                mounts = [swift] if name == "swift" else []
                build(folder, f"localhost/fettle-peer-{name}", mounts)
                run(name, f"localhost/fettle-peer-{name}", "first", failures)
                write("second")
                again = build(folder, f"localhost/fettle-peer-{name}", mounts)
                reused = again.stdout.count("Using cache")
                if reused < 2:
                    failures.append(name)
                    print(f"FAIL {name}: {reused} layers reused when only the source changed\n{again.stdout[-1500:]}")
                run(name, f"localhost/fettle-peer-{name}", "second", failures)
                done += 1
                print(f"{name}: built twice, {reused} layers reused, ran")
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                failures.append(name)
                print(f"FAIL {name}: {error}")
            finally:
                sh("buildah", "rmi", "--force", f"localhost/fettle-peer-{name}", check=False)
    print(f"{done} stacks, {len(set(failures))} with failures")
    return 1 if failures else 0


sys.exit(main())
