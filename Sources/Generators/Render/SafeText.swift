/// Text of the repository on its way into a generated file: only what cannot be an expression, a command or a second line gets through.
enum SafeText {
    /// A version or range, e.g. `3.12`, `>=18 <23`; `nil` for anything else.
    static func version(_ text: String) -> String? {
        let allowed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.*<>=^~|, -_/+"
        guard !text.isEmpty, text.utf8.count <= 60, text.utf8.allSatisfy(allowed.utf8.contains) else { return nil }
        return text
    }

    /// A relative path of plain names.
    static func path(_ text: String) -> Bool {
        let allowed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-/@+"
        return text.utf8.count <= 300 && text.utf8.allSatisfy(allowed.utf8.contains) && !text.hasPrefix("-") && !text.hasPrefix("/")
            && !text.contains("..")
    }

    /// A command that may stand in `run:`: one line without expressions.
    static func command(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 1_000 && !text.contains("${{")
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
