import Basics
package import Forge
package import Text

/// A repository's `.fettle.yml` as its base branch has it: one file, whose parts belong to the features that read them.
///
/// A pull request cannot change what it is judged by: only the base commit is looked at. Faults are told and never stop the work.
package struct RepositoryConfiguration: Sendable {
    package static let path = ".fettle.yml"
    private static let largest = ByteCount.kibibytes(256)
    private static let limits = YAMLLimits(bytes: 256 << 10, depth: 16, nodes: 5000, expandedNodes: 10_000, documents: 2)

    /// The whole document; `nil` where there is none, and where it cannot be read.
    package let root: YAMLNode?
    /// Why it cannot be read, in our own words with the line.
    package let faults: [String]

    package static let none = RepositoryConfiguration(root: nil, faults: [])

    private init(root: YAMLNode?, faults: [String]) {
        self.root = root
        self.faults = faults
    }

    package init(parsing bytes: [UInt8]) {
        do {
            let root = try YAML.root(of: bytes, limits: Self.limits)
            let isUsable = root == nil || root?.mapping != nil || root?.isNull == true
            self.init(root: root?.mapping == nil ? nil : root, faults: isUsable ? [] : ["line 1: it is no mapping"])
        } catch {
            self.init(root: nil, faults: ["line \(error.line): not readable as YAML: \(error.reason)"])
        }
    }

    /// One call to the forge. A file too large to read is a fault of the file; a forge that fails throws.
    package static func load(from client: any PullRequestReader, at base: CommitID, in repository: RepositoryReference)
        async throws(ForgeError) -> RepositoryConfiguration
    {
        do throws(ForgeError) {
            guard let bytes = try await client.file(path, at: base, in: repository, limit: largest) else { return .none }
            return RepositoryConfiguration(parsing: bytes)
        } catch .tooLarge {
            return RepositoryConfiguration(root: nil, faults: ["it is larger than \(largest.bytes >> 10) KiB and was not read"])
        }
    }

    /// A feature's part of the file, e.g. `review`; `nil` when it is not there.
    package subscript(_ part: String) -> YAMLNode? { root?[part] }
}
