import Synchronization

/// Signs marks and keeps what it signed, so that a bundle can give the same text without the key.
final class MarkSigner: Sendable {
    private let marks: ReviewMarks
    private let kept = Mutex<[String: String]>([:])

    init(_ marks: ReviewMarks) {
        self.marks = marks
    }

    /// Names and their signed texts.
    var given: [String: String] { kept.withLock { $0 } }

    @Sendable func sign(_ name: String) -> String {
        let text = marks.sign(name)
        kept.withLock { $0[name] = text }
        return text
    }
}
