/// Numbers of things as people say them: `1 file`, `2 files`.
package enum Count {
    /// - Parameter plural: for nouns that take more than an `s`.
    package static func of(_ number: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(plural ?? noun + "s")"
    }
}
