/// Our check on a commit.
package enum ReviewCheck {
    /// The name branch protection refers to. Changing it blocks every repository that requires it.
    package static let name = "fettle / review"
    /// What the audit log calls a finished review.
    package static let auditAction = "review.finished"
}
