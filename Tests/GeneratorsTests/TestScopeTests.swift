import Generators
import Testing

/// Which commands of a repository's own CI run all its tests, which a part, and which only sound like it.
@Suite struct TestScopeTests {
    @Test(
        arguments: [
            (.npm, "npm test"), (.npm, "npm run test:unit"), (.npm, "npx vitest run"), (.yarnBerry, "yarn test:app"),
            (.pnpm, "pnpm run test:pr"),
            (.bun, "bun test"), (.npm, "node --test"), (.deno, "deno task test"), (.pip, "python -m pytest -ra tests"),
            (.pip, "python -Wonce -m unittest discover -s tests"), (.pip, "coverage run -m pytest"), (.pip, "python manage.py test"),
            (.pip, "hatch run test:test-cov"), (.poetry, "poetry run ./scripts/test"), (.uv, "uv run --locked pytest"),
            (.uv, "uv run make test"),
            (.go, "go test -race ./..."), (.cargo, "cargo +stable test --workspace"), (.maven, "./mvnw -B verify javadoc:javadoc"),
            (.gradle, "./gradlew check -x javadoc"), (.bundler, "bundle exec rake"), (.bundler, "bundle exec rspec"),
            (.bundler, "bin/rails test"),
            (.composer, "vendor/bin/phpunit --colors"), (.composer, "composer exec phpunit -- --exclude-group slow"),
            (.composer, "php artisan test"),
            (.swiftpm, "swift test"), (.nuget, "dotnet test --no-build"), (.mix, "mix test --exclude slow"),
            (.meson, "ninja -C build test"),
            (.cmake, "ctest --test-dir build"), (.autotools, "make check VERBOSE=yes"), (.go, "make test-race"), (.pip, "CI=1 make test"),
        ] as [(PackageManager, String)])
    func `all tests`(manager: PackageManager, line: String) { #expect(TestScope.of(line, manager) == .whole) }

    @Test(
        arguments: [
            (.npm, "npm run test:browser"), (.npm, "npx nx test lerna"), (.pnpm, "pnpm --filter web test"), (.pip, "pytest -k fast"),
            (.pip, "pytest tests/test_a.py"), (.go, "go test -run TestX ./..."), (.go, "go test ./internal/..."),
            (.cargo, "cargo test -p core"),
            (.cargo, "cargo test --test x -- --ignored"), (.maven, "mvn test -pl core"), (.gradle, "./gradlew :core:test"),
            (.bundler, "bundle exec rspec spec/models"), (.composer, "vendor/bin/phpunit --filter X"), (.swiftpm, "swift test --filter X"),
            (.make, "make -C tests test"), (.go, "make test-gateway"),
        ] as [(PackageManager, String)])
    func `a part of the tests`(manager: PackageManager, line: String) { #expect(TestScope.of(line, manager) == .part) }

    @Test(
        arguments: [
            (.cargo, "cargo check --workspace"), (.cargo, "cargo build --tests"), (.cargo, "cargo hack check --each-feature"),
            (.cargo, "cargo +"),
            (.poetry, "poetry check --lock"), (.pip, "python -m black --check ."), (.pip, "python scripts/docs.py verify-docs"),
            (.pip, "python"),
            (.composer, "composer check-platform-reqs"), (.composer, "composer"), (.mix, "mix deps.get --only test"),
            (.swiftpm, "swift build --build-tests"),
            (.gradle, "./gradlew check -x test"), (.gradle, "./gradlew -x"), (.maven, "mvn package -DskipTests"),
            (.go, "make check-clean-tree"),
            (.pnpm, "pnpm exec vp check src"), (.npm, "npm run"), (.npm, "npm run check"), (.deno, "deno check main.ts"), (.npm, "npm"),
            (.go, "go vet ./..."), (.none, "make"),
            (.bundler, "bundle exec"),
            (.uv, "uv run"), (.deno, "deno"), (.nuget, "dotnet"), (.npm, ""), (.pip, "A=b"),
        ] as [(PackageManager, String)])
    func `no test, whatever it sounds like`(manager: PackageManager, line: String) { #expect(TestScope.of(line, manager) == nil) }

    @Test func `a part is not taken where something says how all are run`() throws {
        let files = [
            "Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": "",
            ".github/workflows/ci.yml":
                "on: push\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: cargo test --test one\n",
        ]
        let component = try #require(Detection.model(of: RepositorySnapshot(files)).components.first)
        #expect(component.commands(.test).map(\.line) == ["cargo test"])
    }
}
