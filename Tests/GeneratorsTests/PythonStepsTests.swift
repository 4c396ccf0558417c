import Generators
import Testing
import WorkflowLint

/// The steps of a Python project install the project's packages, the tools they call, and what those tools' settings name.
@Suite struct PythonStepsTests {
    private func component(_ files: [String: String]) throws -> Component {
        try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
    }

    private func lines(_ purpose: ComponentCommand.Purpose, _ files: [String: String]) throws -> [String] {
        try component(files).commands(purpose).map(\.line)
    }

    private func tools(_ purpose: ComponentCommand.Purpose, _ files: [String: String]) throws -> [String] {
        try component(files).commands(purpose).flatMap(\.tools)
    }

    private func dockerfile(_ files: [String: String]) throws -> String {
        let repository = RepositorySnapshot(files)
        let plan = GenerationPlan.make(.dockerfile, for: Detection.model(of: repository), in: repository)
        return try #require(plan.files.first { $0.path == "Dockerfile" }).text
    }

    private static let settings = "[tool.pytest.ini_options]\ntestpaths = ['tests']\n"
    private static let tested = ["main.py": "", "tests/test_x.py": ""]

    // MARK: The project's own packages

    @Test func `an application that lists its packages in pyproject is installed before its tests`() throws {
        let files = Self.tested.merging([
            "pyproject.toml": "[project]\nname = 'x'\ndependencies = ['flask', 'pytest']\n" + Self.settings
        ]) { $1 }
        #expect(try lines(.install, files) == ["python -m pip install -e ."])
    }

    @Test func `packages are installed without the build where setuptools could not tell what belongs to it`() throws {
        let files = Self.tested.merging([
            "api/__init__.py": "", "worker/__init__.py": "",
            "pyproject.toml":
                "[project]\nname = 'x'\ndependencies = ['flask']\n[project.optional-dependencies]\ndev = ['pytest']\n" + Self.settings,
        ]) { $1 }
        #expect(
            try lines(.install, files) == ["python -m pip install uv==0.13.9", "uv pip install --system -r pyproject.toml --extra dev"])
    }

    @Test func `an application with a file of requirements is not built`() throws {
        let files = Self.tested.merging([
            "pyproject.toml": "[project]\nname = 'x'\n" + Self.settings, "requirements.txt": "flask\npytest\n",
        ]) { $1 }
        #expect(try lines(.install, files) == ["python -m pip install -r requirements.txt"])
    }

    @Test func `requirements in a folder are found, those of the tests and those that they do not take in`() throws {
        let apart = ["requirements/base.txt": "flask\n", "requirements/test.txt": "pytest\n"]
        #expect(
            try lines(.install, Self.tested.merging(apart) { $1 }.merging(["setup.py": ""]) { $1 }).prefix(2) == [
                "python -m pip install -r requirements/base.txt", "python -m pip install -r requirements/test.txt",
            ])
        let together = apart.merging(["requirements/test.txt": "-r base.txt\npytest\n"]) { $1 }
        #expect(
            try lines(.install, Self.tested.merging(together) { $1 }.merging(["setup.py": ""]) { $1 }).first
                == "python -m pip install -r requirements/test.txt")
    }

    @Test func `a project that its file of requirements installs is not installed again`() throws {
        let files = ["setup.py": "", "x/a.py": "", "requirements.txt": "-e .[full]\npytest\n", "tests/conftest.py": ""]
        #expect(try lines(.install, files) == ["python -m pip install -r requirements.txt"])
    }

    @Test func `the image of an application has the packages that pyproject lists`() throws {
        let text = try dockerfile([
            "main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "helpers.py": "",
            "pyproject.toml": "[project]\nname = 'x'\ndependencies = ['fastapi', 'uvicorn']\n",
        ])
        #expect(text.contains("COPY pyproject.toml ./"))
        #expect(text.contains("uv pip install --python /venv/bin/python -r pyproject.toml"))
    }

    @Test func `the image of an application has what its file of production requirements lists`() throws {
        let text = try dockerfile([
            "main.py": "from fastapi import FastAPI\napp = FastAPI()\n", "requirements/base.txt": "fastapi\nuvicorn\n",
            "requirements/prod.txt": "-r base.txt\n", "setup.cfg": "",
        ])
        #expect(text.contains("COPY requirements/ requirements/"))
        #expect(text.contains("pip install -r requirements/prod.txt"))
    }

    // MARK: The tool that a step calls

    @Test func `a test tool that no list of packages names is installed in a fixed release`() throws {
        let files = Self.tested.merging(["requirements.txt": "flask\n", "pytest.ini": "[pytest]\n"]) { $1 }
        #expect(try lines(.test, files) == ["python -m pytest"])
        #expect(try tools(.test, files) == ["python -m pip install pytest==8.3.5"])
    }

    @Test func `a plug-in of the test tool brings it`() throws {
        let files = Self.tested.merging(["requirements.txt": "flask\npytest-flask\n", "pytest.ini": "[pytest]\n"]) { $1 }
        #expect(try tools(.test, files) == [])
    }

    @Test(arguments: [
        ("addopts = --cov=x", "pytest-cov==7.1.0"), ("asyncio_mode = auto", "pytest-asyncio==1.5.0"),
        ("DJANGO_SETTINGS_MODULE = x.settings", "pytest-django==4.14.0"), ("addopts = -v -n auto", "pytest-xdist==3.8.0"),
    ])
    func `a plug-in that the settings of the tests name is brought`(setting: String, package: String) throws {
        let files = Self.tested.merging(["requirements.txt": "pytest\n", "pytest.ini": "[pytest]\n\(setting)\n"]) { $1 }
        #expect(try tools(.test, files) == ["python -m pip install \(package)"])
        let declared = files.merging(["requirements-dev.txt": String(package.prefix { $0 != "=" })]) { $1 }
        #expect(try tools(.test, declared) == [])
    }

    @Test func `a check finds the group that brings its tool`() throws {
        let project = """
            [build-system]
            requires = ["setuptools"]
            [project]
            name = "x"
            [project.optional-dependencies]
            test = ["pytest"]
            [dependency-groups]
            base = ["mypy"]
            typing = [{include-group = "base"}, "types-requests"]
            [tool.mypy]
            files = ["x"]
            [tool.pytest.ini_options]

            """
        let files = ["pyproject.toml": project, "x/__init__.py": "", "tests/test_x.py": ""]
        #expect(try lines(.install, files) == ["python -m pip install -e '.[test]'"])
        #expect(try lines(.typecheck, files) == ["mypy"])
        #expect(try tools(.typecheck, files) == ["python -m pip install --group typing"])
    }

    @Test func `a check that the repository's own CI runs is prepared as its job prepares it`() throws {
        let ci = """
            on: push
            jobs:
              test:
                runs-on: ubuntu-24.04
                steps:
                  - run: pip install -r requirements.txt
                  - run: pytest
              types:
                runs-on: ubuntu-24.04
                steps:
                  - run: |
                      python -m pip install pip==26.0.1
                      python -m pip install pyright==1.1.400
                  - run: python -m pyright x
            """
        let files = ["setup.py": "", "x/a.py": "", "requirements.txt": "pytest\n", ".github/workflows/ci.yml": ci]
        #expect(try lines(.typecheck, files) == ["python -m pyright x"])
        #expect(try tools(.typecheck, files) == ["python -m pip install pyright==1.1.400"])
    }

    @Test func `what a check's job and the tests' both install is installed once`() throws {
        let ci =
            "on: push\njobs:\n  lint:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: python -m pip install tox\n      - run: python -m tox -e lint\n"
        let files = [
            "pyproject.toml": "[build-system]\nrequires = ['x']\n[project]\nname = 'x'\n", "x/__init__.py": "", "tests/test_x.py": "",
            "tox.ini": "[tox]\n[testenv]\ncommands = pytest\n", ".github/workflows/lint.yml": ci,
        ]
        #expect(try lines(.install, files) == ["python -m pip install tox==4.67.13"])
        #expect(try lines(.lint, files) == ["python -m tox -e lint"])
        #expect(try tools(.lint, files) == [])
    }

    @Test func `a formatter that checks is no test`() throws {
        let ci = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: python -m black --check .\n"
        let files = ["setup.py": "", "x/a.py": "", "tests/conftest.py": "", ".github/workflows/a.yml": ci]
        #expect(try lines(.test, files) == ["python -m pytest"])
        #expect(try lines(.lint, files) == ["python -m black --check ."])
        #expect(try tools(.lint, files) == ["python -m pip install black==26.10.1"])
    }

    @Test(arguments: [
        ("test:\n\tvenv/bin/python -m pytest\n", "venv/bin/python"), ("test:\n\t. .venv/bin/activate && pytest\n", ".venv/bin/activate"),
        ("VENV = env\ntest:\n\tvirtualenv --python python3.8 $(VENV)\n\t$(VENV)/bin/pytest\n", "python3.8"),
    ])
    func `a recipe in an environment that nothing makes is left out`(makefile: String, missing: String) throws {
        let component = try component(["setup.py": "", "x/a.py": "", "tests/conftest.py": "", "Makefile": makefile])
        #expect(component.commands(.test).map(\.line) == ["python -m pytest"])
        #expect(component.leftOut.map(\.reason) == ["it calls '\(missing)', which neither the runner nor the project's packages bring"])
    }

    @Test(arguments: [
        ("test:\n\tpython setup.py test\n", "setuptools no longer has"), ("lint:\n\tblackish --fix .\n", "mends the sources"),
    ])
    func `a recipe that can only fail or checks nothing is left out with its reason`(makefile: String, reason: String) throws {
        let component = try component(["setup.py": "", "x/a.py": "", "tests/conftest.py": "", "Makefile": makefile])
        #expect(component.commands(.test).map(\.line) == ["python -m pytest"])
        #expect(component.commands(.lint) == [])
        #expect(component.leftOut.allSatisfy { $0.reason.contains(reason) } && component.leftOut.count == 1)
    }

    @Test func `a recipe that makes its environment is taken`() throws {
        let makefile = "venv:\n\tpython3 -m venv venv\ntest: venv\n\tvenv/bin/python -m pytest\n"
        #expect(try lines(.test, ["setup.py": "", "x/a.py": "", "tests/conftest.py": "", "Makefile": makefile]) == ["make test"])
    }

    @Test func `what setup.py and setup.cfg call extras is known`() throws {
        let script =
            "from setuptools import setup\nsetup(name='x', extras_require={\n  'docs': ['sphinx'],\n  'tests': ['pytest', \"mock\"],\n})\n"
        #expect(
            try lines(.install, ["setup.py": script, "x/a.py": "", "tests/conftest.py": ""]) == ["python -m pip install -e '.[tests]'"])
        let settings = "[options.extras_require]\ntesting =\n    pytest\n    pytest-cov\n"
        let files = ["setup.py": "", "setup.cfg": settings, "x/a.py": "", "tests/conftest.py": ""]
        #expect(try lines(.install, files) == ["python -m pip install -e '.[testing]'"])
        #expect(try component(files).commands(.install).first?.because == Evidence("setup.cfg", 2))
    }

    @Test(arguments: [
        ("tool.uv", "[dependency-groups]\nqa = ['ruff']\ntest = ['pytest']\n", "uv sync --group test --group qa"),
        ("tool.uv", "[project.optional-dependencies]\nqa = ['ruff', 'pytest']\n", "uv sync --extra qa"),
        ("tool.uv", "[dependency-groups]\ndev = ['ruff', 'pytest']\n", "uv sync"),
        ("tool.pdm.dev-dependencies", "all = ['pytest', 'ruff']\n", "pdm install"),
    ])
    func `groups and extras that a manager leaves out are named to it`(table: String, lists: String, install: String) throws {
        let project = "[project]\nname = 'x'\n[\(table)]\n\(lists)[tool.ruff]\nline-length = 99\n" + Self.settings
        #expect(try lines(.install, Self.tested.merging(["pyproject.toml": project]) { $1 }) == [install])
    }

    @Test func `a group of Poetry that is optional is named to it`() throws {
        let project = """
            [tool.poetry]
            name = "x"
            [tool.poetry.dependencies]
            python = "^3.11"
            [tool.poetry.group.test]
            optional = true
            [tool.poetry.group.test.dependencies]
            pytest = "^8"

            """
        #expect(
            try lines(.install, Self.tested.merging(["pyproject.toml": project + Self.settings]) { $1 }) == [
                "poetry install --no-interaction --with test"
            ])
    }

    @Test func `a manager without the tool in any list runs it beside the project`() throws {
        let project = "[project]\nname = 'x'\n[tool.uv]\npackage = false\n" + Self.settings
        #expect(
            try lines(.test, Self.tested.merging(["pyproject.toml": project]) { $1 }) == ["uv run --with pytest==8.3.5 pytest"])
    }

    @Test func `what a command of the CI names as its plug-in is brought, and measuring makes it no other test`() throws {
        let ci =
            "on: push\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: pip install -r requirements.txt\n      - run: pytest --cov=x\n"
        let files = ["setup.py": "", "x/a.py": "", "requirements.txt": "pytest\n", "tests/test_x.py": "", ".github/workflows/ci.yml": ci]
        #expect(try lines(.test, files) == ["pytest --cov=x"])
        #expect(try tools(.test, files) == ["python -m pip install pytest-cov==7.1.0"])
    }

    @Test func `tables are made before the tests where the application has a tool and a server for them`() throws {
        let files = Self.tested.merging([
            "requirements.txt": "alembic\npytest\n", "alembic.ini": "[alembic]\n",
            "docker-compose.yml": "services:\n  db:\n    image: postgres:17\n",
        ]) { $1 }
        #expect(try component(files).commands(.prepare) == [ComponentCommand(.prepare, "alembic upgrade head", Evidence("alembic.ini"))])
        let alone = files.filter { $0.key != "docker-compose.yml" }
        #expect(try lines(.prepare, alone) == [])
    }

    @Test func `the image of an application with gunicorn is served by it`() throws {
        let files = ["app.py": "from flask import Flask\napp = Flask(__name__)\n", "requirements.txt": "flask\ngunicorn\n"]
        #expect(try dockerfile(files).contains(#"CMD ["gunicorn", "app:app"]"#))
    }

    @Test func `of the image a Python application is made from only the line of versions is taken`() throws {
        let files = Self.tested.merging([
            "requirements.txt": "pytest\n", "Dockerfile": "FROM python:3.9.10-slim\nCOPY . .\nCMD [\"python\"]\n",
        ]) { $1 }
        #expect(try component(files).version == Sourced("3.9", Evidence("Dockerfile", 1)))
    }

    // MARK: Checks

    @Test func `a linter outside the project runs in the release of the project's hooks`() throws {
        let files = [
            "setup.py": "", "x/a.py": "", "ruff.toml": "",
            ".pre-commit-config.yaml":
                "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.9.1\n    hooks: [{id: ruff}]\n",
        ]
        #expect(try lines(.lint, files) == ["pipx run ruff==0.9.1 check ."])
    }

    @Test func `hooks are run where nothing else lints, unless they need the project's environment or a branch`() throws {
        let hooks = "repos:\n  - repo: https://github.com/psf/black\n    rev: 26.1.0\n    hooks: [{id: black}]\n"
        let files = ["setup.py": "", "x/a.py": "", ".pre-commit-config.yaml": hooks]
        #expect(try lines(.lint, files) == ["pipx run pre-commit==4.7.0 run --all-files"])
        for own in ["id: no-commit-to-branch", "id: mypy, language: system, entry: mypy"] {
            let text = hooks + "  - repo: local\n    hooks: [{\(own)}]\n"
            #expect(try lines(.lint, files.merging([".pre-commit-config.yaml": text]) { $1 }) == [])
        }
    }

    @Test func `a type checker is told what to look at unless its settings say it`() throws {
        let project =
            "[build-system]\nrequires = ['x']\n[project]\nname = 'my-x'\n[dependency-groups]\ndev = ['mypy']\n[tool.mypy]\nstrict = true\n"
        #expect(
            try lines(.typecheck, ["pyproject.toml": project, "my_x/__init__.py": "", "tests/test_x.py": ""]) == ["mypy my_x"])
        #expect(
            try lines(.typecheck, ["pyproject.toml": project + "files = 'my_x'\n", "my_x/__init__.py": "", "tests/test_x.py": ""]) == [
                "mypy"
            ])
        #expect(try lines(.typecheck, ["pyproject.toml": project, "other/a.py": "", "tests/test_x.py": ""]) == [])
    }

    @Test func `a check in an environment of its own goes before what the manifest implies`() throws {
        let files = [
            "pyproject.toml":
                "[build-system]\nrequires = ['x']\n[project]\nname = 'x'\n[dependency-groups]\ntyping = ['mypy']\n[tool.mypy]\n[tool.ruff]\n",
            "x/__init__.py": "", "tests/test_x.py": "",
            "tox.ini": "[tox]\n[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = ruff check\n[testenv:mypy]\ncommands = mypy x\n",
        ]
        #expect(try lines(.install, files) == ["python -m pip install tox==4.67.13"])
        #expect(try lines(.lint, files) == ["tox run -e lint"])
        #expect(try lines(.typecheck, files) == ["tox run -e mypy"])
    }

    // MARK: Hatch

    @Test func `scripts of Hatch run where only its environments bring the test tool`() throws {
        let project = """
            [build-system]
            requires = ["hatchling"]
            [project]
            name = "x"
            [tool.hatch.envs.default]
            dependencies = ["pytest"]
            [tool.hatch.envs.default.scripts]
            test = "pytest {args}"
            [tool.hatch.envs.types.scripts]
            check = "mypy x"
            [tool.hatch.envs.style.scripts]
            lint = "ruff check ."

            """
        let files = ["pyproject.toml": project, "x/__init__.py": "", "tests/test_x.py": ""]
        #expect(try lines(.install, files) == ["python -m pip install hatch==1.18.2"])
        #expect(try lines(.test, files) == ["hatch run test"])
        #expect(try lines(.lint, files) == ["hatch run style:lint"])
    }

    // MARK: Untrusted bytes

    @Test func `broken lists of packages are evidence of nothing and never a trap`() {
        let setups = [
            "extras_require={", "extras_require={'a': ['b", "extras_require=X", "extras_require={'a': {'b': [']}}", "extras_require",
        ]
        for setup in setups {
            _ = Detection.model(of: RepositorySnapshot(["setup.py": setup, "x/a.py": "", "tests/conftest.py": ""]))
        }
        let loops = [
            "requirements.txt": "-r requirements.txt\n-r\n-r ../../../x\n--requirement=\n", "x.py": "",
            "pyproject.toml":
                "[project]\nname='x'\n[project.optional-dependencies]\na = ['x[b]']\nb = ['x[a]', 'x[', '']\n[dependency-groups]\nc = [{include-group = 'c'}]\n",
            "setup.cfg": "[options.extras_require]\n = \n:\n\tpytest\n", ".pre-commit-config.yaml": "repos: [1, {hooks: 2}]\n",
            "pytest.ini": "[pytest]",
        ]
        #expect(Detection.model(of: RepositorySnapshot(loops)).components.count == 1)
    }
}
