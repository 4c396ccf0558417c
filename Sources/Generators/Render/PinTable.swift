import Basics

/// An action's release and the commit its tag named when somebody looked.
package struct ActionPin: Sendable, Equatable {
    package var tag: String
    /// 40 lower-case hex digits.
    package var commit: String

    /// `nil` unless both are of the form a workflow may carry.
    package init?(tag: String, commit: String) {
        let isHex = commit.utf8.count == 40 && commit.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        let isTag =
            (1...60).contains(tag.utf8.count)
            && tag.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "._-".utf8.contains(byte)
            }
        guard isHex, isTag else { return nil }
        self.tag = tag
        self.commit = commit
    }
}

/// Pins by `owner/repository`, as `fettle generate pins --update` writes them into a repository.
///
/// ```
/// {"version": 1, "actions": {"actions/checkout": {"tag": "v7.0.1", "commit": "3d3c…"}}}
/// ```
package struct PinTable: Sendable, Equatable {
    package static let path = ".fettle/action-pins.json"
    package private(set) var pins: [String: ActionPin] = [:]

    package init(_ pins: [String: ActionPin] = [:]) { self.pins = pins }

    /// `nil` when it is no such document; entries that are malformed are left out.
    package init?(json bytes: [UInt8]) {
        guard let root = try? JSONValue(parsing: bytes), let actions = root["actions"]?.object else { return nil }
        for (name, value) in actions {
            guard Self.isRepository(name), let pin = ActionPin(tag: value["tag"]?.string ?? "", commit: value["commit"]?.string ?? "")
            else {
                continue
            }
            pins[name] = pin
        }
    }

    package var json: String {
        let actions = pins.mapValues { pin -> JSONValue in ["tag": .string(pin.tag), "commit": .string(pin.commit)] }
        return String(decoding: JSONValue.object(["version": 1, "actions": .object(actions)]).serialized(pretty: true), as: UTF8.self)
            + "\n"
    }

    /// The built-in table with these pins over it.
    package static func builtIn(with newer: PinTable = PinTable()) -> PinTable {
        var table = PinTable()
        for (name, pin) in ActionPins.all { table.pins[name] = ActionPin(tag: pin.tag, commit: pin.commit) }
        table.pins.merge(newer.pins) { $1 }
        return table
    }

    /// The pin that a reference names: `v7` and `v7.0` name `v7.0.1`; `nil` for another version, a branch, or an action not in the table.
    package func pin(of repository: String, at ref: String) -> ActionPin? {
        let name = repository.lowercased()
        guard let pin = pins.first(where: { $0.key.lowercased() == name })?.value else { return nil }
        return pin.tag == ref || !ref.isEmpty && pin.tag.hasPrefix(ref + ".") ? pin : nil
    }

    /// `owner/repository` of plain letters.
    package static func isRepository(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && SafeText.path(String($0)) && !$0.contains("@") }
    }
}
