import Text

/// A time limit that a job of its kind does not reach when all is well: a ceiling, since no file tells how long it takes.
struct JobCeiling: Equatable {
    var minutes: Int
    /// What in the job takes long; `nil` when nothing was seen.
    var kind: String?

    private static let kinds: [(minutes: Int, kind: String, words: [String])] = [
        (180, "builds images for several platforms", ["docker/setup-qemu-action"]),
        (120, "fuzzes, measures or builds wheels", ["fuzz", "benchmark", "bench", "soak", "stress", "cibuildwheel"]),
        (
            60, "builds a container image",
            [
                "docker/build-push-action", "docker/bake-action", "docker build", "docker buildx", "docker compose", "podman build",
                "buildah",
            ]
        ),
        (
            60, "tests from end to end",
            ["e2e", "end-to-end", "integration", "playwright", "cypress", "selenium", "browser", "browsers", "acceptance"]
        ),
        (
            60, "compiles natively",
            [
                "cargo", "cmake", "bazel", "bazelisk", "swift build", "swift test", "xcodebuild", "gradlew", "gradle", "configure", "ninja",
                "msbuild", "meson", "stack build", "cabal",
            ]
        ),
    ]

    init(of job: WorkflowJob) {
        (minutes, kind) = (30, nil)
        let texts = ([job.id.value, job.name?.value] + job.steps.flatMap { [$0.name?.value, $0.uses?.value, $0.run?.value] }).compactMap {
            $0
        }
        let words = texts.map(Self.words)
        let platforms = job.steps.contains { $0.input("platforms")?.value.contains(",") ?? false }
        if platforms { (minutes, kind) = (Self.kinds[0].minutes, Self.kinds[0].kind) }
        for entry in Self.kinds where entry.minutes > minutes {
            let wanted = entry.words.map(Self.words)
            if words.contains(where: { text in wanted.contains(where: text.contains) }) { (minutes, kind) = (entry.minutes, entry.kind) }
        }
        let runners = job.runsOn.map(\.value) + (job.matrix?.rows.flatMap { $0.values.sequence ?? [] }.compactMap(\.string) ?? [])
        if minutes < 60, runners.contains(where: { $0.hasPrefix("windows") || $0.hasPrefix("macos") }) {
            (minutes, kind) = (60, "runs on a system whose runners are slower")
        }
    }

    /// In small letters with a space around every word, so that only whole words are found.
    private static func words(_ text: String) -> String {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "/") }
        return " " + words.map { $0.drop { $0 == "/" } }.joined(separator: " ") + " "
    }
}
