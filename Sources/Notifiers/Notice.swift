package import Basics
package import Forge

/// A change of state worth telling. Every text went through redaction and hygiene.
package struct Notice: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, Codable {
        case opened, reopened, closed
    }

    package struct Fact: Sendable, Hashable {
        package let name: String
        package let text: PublishableText

        package init(_ name: String, _ text: PublishableText) {
            self.name = name
            self.text = text
        }
    }

    /// The same for every notice about one thing, and for every attempt to send this one together with `number`.
    package let subject: String
    /// Which notice about the subject it is, from 1.
    package let number: Int
    package let state: State
    /// One line.
    package let title: PublishableText
    package let facts: [Fact]
    package let link: WebAddress?
    package let at: Timestamp

    package init(
        subject: String, number: Int, state: State, title: PublishableText, facts: [Fact], link: WebAddress?, at: Timestamp
    ) {
        self.subject = subject
        self.number = number
        self.state = state
        self.title = title
        self.facts = facts
        self.link = link
        self.at = at
    }
}
