package import Basics

/// What somebody may do in a repository, from least to most.
package enum RepositoryPermission: Int, Sendable, Hashable, Comparable {
    case none, read, write, admin

    package static func < (a: RepositoryPermission, b: RepositoryPermission) -> Bool { a.rawValue < b.rawValue }
}

/// Who may command us. A client that can do it is cast to this.
package protocol PermissionReader: Sendable {
    /// `none` for a login the forge does not know.
    func permission(of login: UntrustedText, in repository: RepositoryReference) async throws(ForgeError) -> RepositoryPermission
}
