/// What another look at the forge makes of the pins: a decision with its reasons, before anything is written.
package struct PinUpdate: Sendable {
    package struct Change: Sendable, Equatable {
        package var action: String
        package var old: ActionPin?
        package var new: ActionPin
    }

    package private(set) var table: PinTable
    package private(set) var changes: [Change] = []
    /// Tags that name another commit than they did: somebody moved a release.
    package private(set) var moved: [String] = []

    /// `found` are the newest releases; an older one than we hold is no news.
    package init(holding held: PinTable, written: PinTable, found: [String: ActionPin]) {
        var pins = written.pins
        for (action, new) in found.sorted(by: { $0.key < $1.key }) {
            let old = held.pins[action]
            if let old, old.tag == new.tag, old.commit != new.commit {
                moved.append("\(action): the tag \(new.tag) named \(old.commit) and now names \(new.commit)")
            }
            if let old, let a = ReleaseTag(old.tag), let b = ReleaseTag(new.tag), b < a { continue }
            guard old != new else { continue }
            pins[action] = new
            changes.append(Change(action: action, old: old, new: new))
        }
        table = PinTable(pins)
    }
}
