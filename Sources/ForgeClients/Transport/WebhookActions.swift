import Basics
import Forge

/// The events a dialect decodes, each with the actions that lead anywhere.
struct WebhookActions: Sendable {
    enum Actions: Sendable {
        case all
        case only(Set<String>)
    }

    private let events: [String: Actions]

    init(_ events: [String: Actions]) {
        self.events = events
    }

    /// `.unhandled` for a document of an event, or an action of one, that is not in the table.
    func unhandled(event: String, body: [UInt8]) -> ForgeEvent? {
        let actions = events[event]
        if case .all = actions { return nil }
        switch (JSONGlance(at: "action", in: body), actions) {
        case (.unclear, _): return nil
        case (.text(let action), .only(let known)?): return known.contains(action) ? nil : .unhandled(event: event, action: action)
        case (.otherwise, .some): return nil
        case (.text(let action), _): return .unhandled(event: event, action: action)
        case (.otherwise, nil): return .unhandled(event: event, action: nil)
        }
    }
}
