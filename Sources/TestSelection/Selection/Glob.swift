/// Shell patterns over paths: `*` within a folder, `**` over folders, `**/` any folders or none, `?` one character.
///
/// All readings are followed at once, so that no pattern takes exponential time.
struct Glob: Sendable {
    private enum Part: Sendable, Hashable {
        case byte(UInt8)
        case one, star, deepStar, folders
    }

    private let parts: [Part]

    init(_ pattern: String) {
        var rest = Array(pattern.utf8)[...]
        var parts: [Part] = []
        while let byte = rest.popFirst() {
            switch byte {
            case 42 where rest.first == 42:
                rest = rest.dropFirst()
                parts.append(rest.first == 47 ? .folders : .deepStar)
                if rest.first == 47 { rest = rest.dropFirst() }
            case 42: parts.append(.star)
            case 63: parts.append(.one)
            default: parts.append(.byte(byte))
            }
        }
        self.parts = parts
    }

    /// A place in the pattern; `inside` a part that has begun to take folders.
    private struct Place: Hashable {
        var index: Int
        var inside = false
    }

    func matches(_ text: String) -> Bool {
        var places: Set<Place> = []
        arrive(0, &places)
        for byte in text.utf8 {
            var next: Set<Place> = []
            for place in places where place.index < parts.count { take(byte, at: place, &next) }
            if next.isEmpty { return false }
            places = next
        }
        return places.contains { $0.index == parts.count }
    }

    private func take(_ byte: UInt8, at place: Place, _ next: inout Set<Place>) {
        switch parts[place.index] {
        case .byte(let wanted): if byte == wanted { arrive(place.index + 1, &next) }
        case .one: if byte != 47 { arrive(place.index + 1, &next) }
        case .star: if byte != 47 { arrive(place.index, &next) }
        case .deepStar: arrive(place.index, &next)
        case .folders:
            next.insert(Place(index: place.index, inside: true))
            if byte == 47 { arrive(place.index + 1, &next) }
        }
    }

    /// Reaches a place, and those behind it that may stand for nothing.
    private func arrive(_ index: Int, _ places: inout Set<Place>) {
        guard places.insert(Place(index: index)).inserted, index < parts.count else { return }
        if [.star, .deepStar, .folders].contains(parts[index]) { arrive(index + 1, &places) }
    }
}
