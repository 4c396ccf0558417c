"""Small repositories, one for every package manager: {name: ({path: text}, expected package managers)}."""
import json

LOCK = json.dumps({"name": "x", "lockfileVersion": 3, "packages": {}})


def package(**more):
    return json.dumps({"name": "x", "version": "1.0.0", "scripts": {"lint": "eslint .", "build": "tsc", "test": "node --test"}, "devDependencies": {"eslint": "9"}, **more}, indent=2)


JS = {"index.js": "module.exports = 1\n"}
PY = {"x/__init__.py": "", "tests/test_x.py": "def test_x():\n    assert True\n"}
PYPROJECT = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n\n[project.optional-dependencies]\ntest = ["pytest"]\n\n[tool.pytest.ini_options]\n\n[tool.ruff]\nline-length = 100\n'

FIXTURES = {
    "npm": ({"package.json": package(private=True), "package-lock.json": LOCK, ".nvmrc": "22\n", **JS}, ["npm"]),
    "npm-library": ({"package.json": package(main="index.js", engines={"node": ">=20"}), "package-lock.json": LOCK, **JS}, ["npm"]),
    "npm-bare": ({"package.json": json.dumps({"name": "x", "private": True, "scripts": {"test": "node --test"}}), **JS}, ["npm"]),
    "pnpm": ({"package.json": package(private=True, packageManager="pnpm@10.4.0"), "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", **JS}, ["pnpm"]),
    "yarn-classic": ({"package.json": package(private=True), "yarn.lock": "# yarn lockfile v1\n", **JS}, ["yarn"]),
    "yarn-berry": ({"package.json": package(private=True, packageManager="yarn@4.5.0"), "yarn.lock": "__metadata:\n  version: 8\n", **JS}, ["yarn-berry"]),
    "bun": ({"package.json": package(private=True), "bun.lock": "{}\n", **JS}, ["bun"]),
    "bun-application": ({"package.json": package(private=True, scripts={"start": "bun index.js", "build": "tsc", "test": "bun test"}), "bun.lock": "{}\n", **JS}, ["bun"]),
    "deno": ({"deno.json": '{"tasks": {"test": "deno test"}}\n', "main.ts": "", "deno.lock": "{}"}, ["deno"]),
    "pip": ({"requirements.txt": "flask\npytest\n", "app.py": "import flask\napp.run(port=5000)\n", "test_app.py": "def test(): pass\n", "Dockerfile": "FROM scratch\n"}, ["pip"]),
    "pip-library": ({"pyproject.toml": PYPROJECT, **PY}, ["pip"]),
    "tox": ({"pyproject.toml": PYPROJECT, "tox.ini": "[tox]\nenvlist = py\n[testenv]\ncommands = pytest\n", **PY}, ["pip"]),
    "nox": ({"setup.py": "from setuptools import setup\nsetup()\n", "noxfile.py": "import nox\n", **PY}, ["pip"]),
    "poetry": ({"pyproject.toml": '[tool.poetry]\nname = "x"\n\n[tool.poetry.dependencies]\npython = "^3.11"\n\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n', "poetry.lock": "", **PY}, ["poetry"]),
    "poetry-application": ({"pyproject.toml": '[tool.poetry]\nname = "x"\npackage-mode = false\n\n[tool.poetry.dependencies]\npython = "^3.12"\nflask = "*"\n', "poetry.lock": "", "app.py": "import flask\n", "test_app.py": "def test(): pass\n"}, ["poetry"]),
    "uv": ({"pyproject.toml": PYPROJECT, "uv.lock": "version = 1\n", ".python-version": "3.12\n", **PY}, ["uv"]),
    "pipenv": ({"Pipfile": '[packages]\nflask = "*"\n\n[dev-packages]\npytest = "*"\n\n[requires]\npython_version = "3.12"\n', "Pipfile.lock": "{}", "main.py": "", "test_a.py": ""}, ["pipenv"]),
    "pdm": ({"pyproject.toml": PYPROJECT, "pdm.lock": "", **PY}, ["pdm"]),
    "go": ({"go.mod": "module x\n\ngo 1.24\n", "go.sum": "", "main.go": "package main\nfunc main() {}\n"}, ["go"]),
    "go-library": ({"go.mod": "module x\n\ngo 1.24\n", "x.go": "package x\n", "Makefile": "test:\n\tgo test -race ./...\n"}, ["go"]),
    "rust": ({"Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nrust-version = "1.80"\n', "Cargo.lock": "", "src/main.rs": "fn main() {}\n"}, ["cargo"]),
    "rust-workspace": ({"Cargo.toml": '[workspace]\nmembers = ["a"]\n', "a/Cargo.toml": '[package]\nname = "a"\n', "a/src/lib.rs": "", "rust-toolchain.toml": '[toolchain]\nchannel = "1.85"\n'}, ["cargo"]),
    "maven": ({"pom.xml": "<project>\n<properties><maven.compiler.release>17</maven.compiler.release></properties>\n</project>\n", "src/main/java/A.java": "", "mvnw": ""}, ["maven"]),
    "gradle": ({"build.gradle.kts": "plugins { java }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n", "settings.gradle.kts": "", "gradlew": "", "src/main/java/A.java": ""}, ["gradle"]),
    "spring-gradle": ({"build.gradle": "plugins {\n  id 'java'\n  id 'org.springframework.boot' version '3.5.0'\n}\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n", "gradlew": "", "src/main/java/A.java": ""}, ["gradle"]),
    "kotlin": ({"build.gradle.kts": 'plugins { kotlin("jvm") }\nkotlin { jvmToolchain(17) }\n', "gradlew": "", "src/main/kotlin/A.kt": ""}, ["gradle"]),
    "ruby": ({"Gemfile": "source 'https://rubygems.org'\ngem 'rspec'\ngem 'rubocop'\n", "Gemfile.lock": "", ".ruby-version": "3.3.5\n", ".rspec": "", ".rubocop.yml": "", "lib/x.rb": "", "spec/x_spec.rb": ""}, ["bundler"]),
    "php": ({"composer.json": '{"name": "x/x", "require": {"php": "^8.2"}, "scripts": {"test": "phpunit"}}', "src/A.php": "<?php\n"}, ["composer"]),
    "php-application": ({"composer.json": '{"name": "x/x", "type": "project", "require": {"php": "^8.3"}, "scripts": {"test": "phpunit"}}', "composer.lock": "{}", "public/index.php": "<?php\n"}, ["composer"]),
    "phoenix": ({"mix.exs": 'defmodule X do\n  def project, do: [app: :x, elixir: "~> 1.15", deps: [{:phoenix, "~> 1.7"}]]\nend\n', "mix.lock": "%{}\n", "lib/x.ex": ""}, ["mix"]),
    "dotnet": ({"x.sln": "", "src/x.csproj": "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>\n", "global.json": '{"sdk": {"version": "8.0.400"}}'}, ["nuget"]),
    "swift": ({"Package.swift": '// swift-tools-version: 6.0\nimport PackageDescription\nlet package = Package(name: "x", products: [.library(name: "x", targets: ["x"])], targets: [.target(name: "x")])\n', "Sources/x/x.swift": ""}, ["swiftpm"]),
    "elixir": ({"mix.exs": 'defmodule X do\n  def project, do: [app: :x, elixir: "~> 1.15"]\nend\n', "mix.lock": "", ".formatter.exs": "[]\n", "lib/x.ex": ""}, ["mix"]),
    "cmake": ({"CMakeLists.txt": "project(x C)\nenable_testing()\n", "main.c": "int main(void) { return 0; }\n"}, ["cmake"]),
    "meson": ({"meson.build": "project('x', 'cpp')\n", "x.cpp": ""}, ["meson"]),
    "autotools": ({"configure.ac": "AC_INIT([x], [1])\n", "Makefile.am": "", "x.c": ""}, ["autotools"]),
    "make": ({"Makefile": "all: x\nx: x.c\n\tcc -o x x.c\ntest: x\n\t./x\n", "x.c": "int main(void) { return 0; }\n"}, ["make"]),
    "monorepo": ({"frontend/package.json": package(private=True), "frontend/package-lock.json": LOCK, "frontend/src/a.ts": "", "backend/pyproject.toml": PYPROJECT, "backend/x/__init__.py": "", "backend/tests/conftest.py": "", "compose.yaml": "services:\n  db:\n    image: postgres:17\n"}, ["npm", "pip"]),
    "php-pages": ({"composer.json": '{"name": "x/x", "type": "project", "require": {"php": "^8.3", "ext-gd": "*"}, "scripts": {"test": "phpunit"}}', "composer.lock": "{}", "public/index.php": "<?php\n", "artisan": "", ".env.example": "APP_KEY=\n",
                   "package.json": package(private=True), "package-lock.json": LOCK, "resources/a.js": "", "compose.yaml": "services:\n  db:\n    image: mariadb:11\n"}, ["composer", "npm"]),
    "site": ({"package.json": package(scripts={"build": "eleventy", "start": "eleventy --serve"}), "package-lock.json": LOCK, **JS}, ["npm"]),
    "rails": ({"Gemfile": "source 'https://rubygems.org'\ngem 'rails'\n", "Gemfile.lock": "GEM\n  specs:\n    pg (1.6.0)\n    rails (8.0.1)\n", ".ruby-version": "3.4.1\n", "bin/rails": "", "config/database.yml": "", "test/a_test.rb": "", "app/assets/a.css": "", "app/a.rb": ""}, ["bundler"]),
    "gem": ({"x.gemspec": "Gem::Specification.new { |s| s.required_ruby_version = '>= 3.1' }\n", "Gemfile": "gemspec\n", "lib/x.rb": "", ".rspec": "", "spec/x_spec.rb": ""}, ["bundler"]),
    "rust-library": ({"Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\nrust-version = "1.80"\n', "src/lib.rs": ""}, ["cargo"]),
    "recipes": ({"go.mod": "module x\n\ngo 1.24\n", "x.go": "package x\n", "Makefile": "lint:\n\tgolangci-lint run\ntest:\n\tgo test ./...\n"}, ["go"]),
    "just": ({"pyproject.toml": PYPROJECT, "justfile": "test:\n    pytest -x\n", **PY}, ["pip"]),
    "uv-workspace": ({"pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.12"\n\n[tool.uv.workspace]\nmembers = ["backend"]\n', "uv.lock": "version = 1\n", "x.py": "", "backend/pyproject.toml": PYPROJECT, "backend/b.py": ""}, ["uv"]),
    "vcpkg": ({"CMakeLists.txt": 'project(x CXX)\noption(X_BUILD_TESTS "Tests" OFF)\n', "vcpkg.json": "{}", "main.cpp": "int main() {}\n"}, ["cmake"]),
    "conan": ({"CMakeLists.txt": "project(x CXX)\n", "conanfile.txt": "[requires]\nfmt/11.0.2\n[generators]\nCMakeToolchain\nCMakeDeps\n", "main.cpp": "int main() {}\n"}, ["cmake"]),
    "dotnet-frameworks": ({"x.sln": "", "src/x.csproj": "<TargetFramework>net8.0</TargetFramework>\n", "tests/x.Tests.csproj": "<TargetFrameworks>net6.0;net8.0</TargetFrameworks>\n"}, ["nuget"]),
    "told-services": ({"package.json": package(private=True), "package-lock.json": LOCK, **JS, "compose.yaml": "services:\n  app:\n    build: .\n    environment:\n      DATABASE_URL: postgres://u:p@db:5432/u\n  db:\n    image: postgres:17\n"}, ["npm"]),
    "services": ({"go.mod": "module x\n\ngo 1.24\n", "x.go": "package x\n", "docker-compose.yml": "services:\n  db:\n    image: postgres:17\n  cache:\n    image: redis:8\n  app:\n    build: .\n"}, ["go"]),
    "fettle-yml": ({"go.mod": "module x\n\ngo 1.24\n", "x.go": "package x\n", ".fettle.yml": "generate:\n  commands:\n    test: go test -race ./...\n"}, ["go"]),
    "make-java": ({"Makefile": "test:\n\tjavac X.java\n", "X.java": "class X {}\n"}, ["make"]),
    "existing-ci": ({"setup.py": "from setuptools import setup\nsetup()\n", **PY, ".github/workflows/t.yml": "# yamllint disable\nname: t\non: push\npermissions: {}\nconcurrency:\n  group: t\n  cancel-in-progress: true\njobs:\n  t:\n    name: t\n    runs-on: ubuntu-24.04\n    timeout-minutes: 9\n    permissions:\n      contents: read # sources\n    steps:\n      - name: I\n        run: pip install -e '.[test]'\n      - name: T\n        run: python -m pytest -x\n"}, ["pip"]),
    **{f"registry-{name}": ({"go.mod": "module x\n\ngo 1.24\n", "main.go": "package main\nfunc main() {}\n", "Dockerfile": "FROM scratch\n", ".fettle.yml": f"generate:\n  registry: {name}\n  with: [coverage]\n"}, ["go"])
       for name in ("ghcr", "dockerhub", "artifact-registry", "ecr", "acr")},
    "steps": ({"go.mod": "module x\n\ngo 1.24\n", "x.go": "package x\n", ".fettle.yml": "generate: {with: [coverage, select-tests, review]}\n",
               ".fettle/action-pins.json": '{"version": 1, "actions": {"fettle-dev/fettle": {"tag": "v0.1.0", "commit": "' + "a" * 40 + '"}}}\n'}, ["go"]),
}

# Evidence that says two things: exit status 1, `conflicts`, nothing written.
CONFLICTS = {
    "two-locks": {"package.json": package(private=True), "package-lock.json": LOCK, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", **JS},
    "two-versions": {"package.json": package(private=True), "package-lock.json": LOCK, ".nvmrc": "18\n", ".node-version": "22\n", **JS},
    "two-python-locks": {"pyproject.toml": PYPROJECT, "uv.lock": "", "poetry.lock": "", **PY},
}
