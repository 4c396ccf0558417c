import Basics
import Forge
import FoundationEssentials

/// A document that lacks, or words differently, a field we need.
struct WireError: Error {
    /// Where and what, e.g. `pull_request.head.sha: expected a commit id`. Holds no value of the document.
    let reason: String
}

enum WireDecoding {
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(WireError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw WireError(reason: explain(error))
        } catch {
            throw WireError(reason: "not readable as JSON")
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(let type, let context): "\(path(context.codingPath)): expected \(name(type))"
        case .valueNotFound(let type, let context): "\(path(context.codingPath)): expected \(name(type)), found null"
        case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])): missing"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "not valid JSON" : "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "not readable as JSON"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let joined = keys.map { key in key.intValue.map { "\($0)" } ?? key.stringValue }.joined(separator: ".")
        return joined.isEmpty ? "document" : joined
    }

    private static func name(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is any FixedWidthInteger.Type: "a whole number"
        case is Bool.Type: "true or false"
        case is [String: Any].Type: "an object"
        case is [Any].Type: "a list"
        default: "another type"
        }
    }
}

/// Decodes to nothing from anything: to ask whether a member is there, whatever it holds.
struct Anything: Decodable {
    init(from decoder: any Decoder) {}
}

extension RepositoryName {
    /// From `owner/name` as the forges write it.
    static func read(_ container: any SingleValueDecodingContainer) throws -> RepositoryName {
        guard let name = RepositoryName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected owner/name")
        }
        return name
    }
}

/// `owner/name` in a document.
struct FullName: Decodable {
    let name: RepositoryName

    init(from decoder: any Decoder) throws {
        name = try RepositoryName.read(decoder.singleValueContainer())
    }
}

/// A number of a pull request or issue: 1 or more.
struct ItemNumber: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = try container.decode(Int.self)
        guard value > 0 else { throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a number above 0") }
    }
}
