/// `/jobs/{id}`, `/files/{path...}`: literal segments, one-segment parameters, and at the end a parameter that takes the rest.
package struct PathPattern: Sendable, Hashable, CustomStringConvertible {
    enum Piece: Sendable, Hashable {
        case literal(String)
        case parameter(String)
        /// One segment or more.
        case rest(String)
    }

    package let description: String
    let pieces: [Piece]

    /// Patterns are written by us: a malformed one is our own bug.
    package init(_ pattern: String) {
        precondition(pattern.utf8.first == UInt8(ascii: "/"), "a path pattern begins with a slash: \(pattern)")
        let parts = pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let pieces = parts.map { Self.piece(String($0)) }
        precondition(!pieces.dropLast().contains { Self.rank($0) == 2 }, "{name...} only at the end: \(pattern)")
        self.pieces = pieces
        description = pattern
    }

    private static func piece(_ part: String) -> Piece {
        guard part.hasPrefix("{"), part.hasSuffix("}") else { return .literal(part) }
        let name = String(part.dropFirst().dropLast())
        return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .parameter(name)
    }

    /// The parameters when the segments match. An empty segment matches no parameter.
    func match(_ segments: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (index, piece) in pieces.enumerated() {
            guard index < segments.count else { return nil }
            switch piece {
            case .literal(let text):
                guard text == segments[index] else { return nil }
            case .parameter(let name):
                guard !segments[index].isEmpty else { return nil }
                parameters[name] = segments[index]
            case .rest(let name):
                parameters[name] = segments[index...].joined(separator: "/")
                return parameters
            }
        }
        return segments.count == pieces.count ? parameters : nil
    }

    /// Literals before parameters before rests, from the left: the closer pattern wins whatever the order of registration.
    func isMoreSpecific(than other: PathPattern) -> Bool {
        for (mine, theirs) in zip(pieces, other.pieces) where Self.rank(mine) != Self.rank(theirs) {
            return Self.rank(mine) < Self.rank(theirs)
        }
        return pieces.count > other.pieces.count
    }

    private static func rank(_ piece: Piece) -> Int {
        switch piece {
        case .literal: 0
        case .parameter: 1
        case .rest: 2
        }
    }
}
