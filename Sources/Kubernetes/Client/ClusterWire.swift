import FoundationEssentials

/// Reads a cluster's documents.
enum ClusterWire {
    /// Holds no value of the document.
    struct Fault: Error {
        let reason: String
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(Fault) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw Fault(reason: explain(error))
        } catch {
            throw Fault(reason: "not readable as JSON")
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context): "\(path(context.codingPath)): of another type"
        case .valueNotFound(_, let context): "\(path(context.codingPath)): null"
        case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])): missing"
        case .dataCorrupted(let context): context.codingPath.isEmpty ? "not valid JSON" : "\(path(context.codingPath)): malformed"
        @unknown default: "not readable as JSON"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { key in key.intValue.map { "\($0)" } ?? key.stringValue }.joined(separator: ".")
    }
}
