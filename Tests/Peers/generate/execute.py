#!/usr/bin/env python3
"""Runs generated workflows with act on this machine, actions replaced by stubs: green as they are, red on every seeded fault.

Languages whose tools are not installed here are named and left out.
"""
import glob, os, re, shutil, subprocess, sys, tempfile

FETTLE = os.path.abspath(os.environ.get("FETTLE_BINARY", ".build/debug/fettle"))
STUB = "name: stub\ndescription: stub\nruns:\n  using: composite\n  steps:\n    - run: 'true'\n      shell: bash\n"

# name: (tools needed, files, seeded faults {what: (path, old, new)})
PROJECTS = {
    "python": (["python"], {
        "app.py": "def double(x):\n    return 2 * x\n", "requirements.txt": "",
        "test_app.py": "import unittest\nimport app\n\n\nclass T(unittest.TestCase):\n    def test_double(self):\n        self.assertEqual(app.double(2), 4)\n"},
        {"wrong result": ("app.py", "2 * x", "3 * x"), "syntax": ("app.py", "def double(x):", "def double(x)"), "missing name": ("app.py", "2 * x", "2 * y")}),
    "node": (["node", "npm"], {
        "package.json": '{"name": "x", "private": true, "scripts": {"build": "node --check index.js", "test": "node test.js"}}\n', "index.js": "module.exports = x => 2 * x\n",
        "test.js": "require('assert').strictEqual(require('./index.js')(2), 4)\n"},
        {"wrong result": ("index.js", "2 * x", "3 * x"), "syntax": ("index.js", "=>", "="), "missing name": ("index.js", "2 * x", "2 * y")}),
    "c": (["make", "cc"], {
        "Makefile": "x: x.c\n\tcc -Wall -Werror -o x x.c\n\ntest: x\n\t./x\n", "x.c": "static int twice(int x) { return 2 * x; }\nint main(void) { return twice(2) == 4 ? 0 : 1; }\n"},
        {"wrong result": ("x.c", "2 * x", "3 * x"), "syntax": ("x.c", "return 2 * x;", "return 2 * x"), "missing name": ("x.c", "2 * x", "2 * y")}),
    "java": (["make", "javac", "java"], {
        "Makefile": "classes: X.java XTest.java\n\tjavac -Werror -Xlint:all -d classes X.java XTest.java\n\ntest: classes\n\tjava -ea -cp classes XTest\n",
        "X.java": "public class X {\n    static int twice(int x) { return 2 * x; }\n}\n",
        "XTest.java": "public class XTest {\n    public static void main(String[] a) { if (X.twice(2) != 4) throw new AssertionError(); }\n}\n"},
        {"wrong result": ("X.java", "2 * x", "3 * x"), "syntax": ("X.java", "return 2 * x;", "return 2 * x"), "missing name": ("X.java", "2 * x", "2 * y")}),
    "rust": (["cargo", "rustfmt", "cargo-clippy"], {
        "Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n', "Cargo.lock": 'version = 3\n\n[[package]]\nname = "x"\nversion = "0.1.0"\n',
        "src/lib.rs": "pub fn twice(x: i32) -> i32 {\n    2 * x\n}\n\n#[test]\nfn doubles() {\n    assert_eq!(twice(2), 4);\n}\n"},
        {"wrong result": ("src/lib.rs", "2 * x", "3 * x"), "syntax": ("src/lib.rs", "-> i32 {", "-> i32 {{"), "layout": ("src/lib.rs", "    2 * x", "  2 * x")}),
    "swift": (["swift"], {
        "Package.swift": '// swift-tools-version: 5.9\nimport PackageDescription\nlet package = Package(name: "x", targets: [.target(name: "x"), .testTarget(name: "xTests", dependencies: ["x"])])\n',
        "Sources/x/x.swift": "public func twice(_ x: Int) -> Int { 2 * x }\n",
        "Tests/xTests/xTests.swift": "import XCTest\nimport x\n\nfinal class T: XCTestCase {\n    func testTwice() { XCTAssertEqual(twice(2), 4) }\n}\n"},
        {"wrong result": ("Sources/x/x.swift", "2 * x", "3 * x"), "syntax": ("Sources/x/x.swift", "{ 2 * x }", "{ 2 * x"), "missing name": ("Sources/x/x.swift", "2 * x", "2 * y")}),
}

# Swift builds its test bundle four times, which takes minutes: by name only.
DEFAULT = [name for name in PROJECTS if name != "swift"]


def act(folder, stub):
    text = "".join(open(f).read() for f in glob.glob(f"{folder}/.github/workflows/*.yml"))
    stubs = [f"--local-repository={uses}={stub}" for uses in sorted(set(re.findall(r"uses: (\S+)", text)))]
    done = subprocess.run(["act", "push", "-P", "ubuntu-24.04=-self-hosted", *stubs], cwd=folder, capture_output=True, text=True, timeout=600)
    return done.returncode == 0, set(re.findall(r"🏁  Job (succeeded|failed)", done.stdout)), done.stdout[-1500:] + done.stderr[-500:]


def commit(folder):
    git = ["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True)


def main():
    failures = 0
    for name, (tools, files, faults) in PROJECTS.items():
        if name not in (sys.argv[1:] or DEFAULT):
            continue
        if missing := [t for t in tools if not shutil.which(t)]:
            print(f"left out: {name} ({', '.join(missing)} not installed)")
            continue
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as stub:
            open(stub + "/action.yml", "w").write(STUB)
            for path, text in files.items():
                os.makedirs(os.path.dirname(f"{folder}/{path}") or folder, exist_ok=True)
                open(f"{folder}/{path}", "w").write(text)
            subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
            subprocess.run(["git", "-C", folder, "remote", "add", "origin", "https://github.com/example/x.git"], check=True)
            subprocess.run([FETTLE, "generate", "workflow", "--repo", folder], check=True, capture_output=True)
            commit(folder)
            green, jobs, log = act(folder, stub)
            if not green or jobs != {"succeeded"}:
                failures += 1
                print(f"FAIL {name}: not green\n{log}")
                continue
            caught = 0
            for what, (path, old, new) in faults.items():
                text = files[path]
                assert old in text
                open(f"{folder}/{path}", "w").write(text.replace(old, new, 1))
                red = not act(folder, stub)[0]
                caught += red
                if not red:
                    failures += 1
                    print(f"FAIL {name}: stayed green with the fault '{what}'")
                open(f"{folder}/{path}", "w").write(text)
            print(f"{name}: green, {caught} of {len(faults)} faults red")
    return 1 if failures else 0


sys.exit(main())
