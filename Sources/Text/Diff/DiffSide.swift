/// Which file of a change a line belongs to.
package enum DiffSide: String, Sendable, Hashable, Codable {
    case old
    case new
}
