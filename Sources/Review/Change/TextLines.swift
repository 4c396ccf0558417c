extension String {
    /// The lines, split at LF, without a CR at their end. (Splitting a `String` by characters would not see the LF of a CRLF.)
    var textLines: [String] {
        utf8.split(separator: 10, omittingEmptySubsequences: false).map { line in
            String(Substring(line.last == 13 ? line.dropLast() : line))
        }
    }
}
