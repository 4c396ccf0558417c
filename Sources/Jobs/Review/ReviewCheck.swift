/// Our check on a commit.
package enum ReviewCheck {
    /// The name branch protection refers to. Changing it blocks every repository that requires it.
    package static let name = "fettle / review"
}
