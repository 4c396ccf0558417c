import Basics
import Forge
import HTTP

/// A check as a commit status: for forges and credentials without check runs. There is no place for a summary or annotations.
struct CommitStatus {
    let state: String
    let description: String
    let context: String
    let targetURL: String

    /// `commitURL` is the commit's page. The check's key goes into its fragment, where no server minds it and we find it again.
    init(_ draft: CheckDraft, commitURL: String) {
        switch draft.status {
        case .inProgress: state = "pending"
        // A neutral or skipped check must not block a merge, and neither forge has a word for it that every version takes.
        case .completed(.success), .completed(.neutral), .completed(.skipped): state = "success"
        case .completed(.failure): state = "failure"
        case .completed(.cancelled): state = "error"
        }
        // GitHub takes 140 characters.
        description = String(draft.title.text.prefix(140))
        context = draft.name
        targetURL = commitURL + "#" + Self.fragment(draft.externalID)
    }

    var body: JSONValue {
        ["state": .string(state), "description": .string(description), "context": .string(context), "target_url": .string(targetURL)]
    }

    static func fragment(_ externalID: String) -> String { "fettle-" + PercentEncoding.encode(externalID) }
}

struct CommitStatusWire: Decodable {
    struct Creator: Decodable {
        let login: String
    }

    let id: Int64
    let context: String?
    let targetURL: String?
    let creator: Creator?

    enum CodingKeys: String, CodingKey {
        case id, context, creator
        case targetURL = "target_url"
    }

    /// Ours with that key, the newest of each context: a status is changed by adding another. Wants the newest first, as both forges list them.
    static func matching(_ statuses: [CommitStatusWire], externalID: String, login: String) -> [Int64] {
        var seen: Set<String> = []
        return statuses.filter { status in
            guard status.creator?.login == login, seen.insert(status.context ?? "").inserted else { return false }
            return status.targetURL?.hasSuffix("#" + CommitStatus.fragment(externalID)) == true
        }
        .map(\.id)
    }
}
