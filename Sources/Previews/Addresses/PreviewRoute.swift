/// Makes a port of this machine reachable under an address.
package protocol PreviewRoute: Sendable {
    func publish(_ order: PreviewOrder, port: Int, address: String) async throws(PreviewFailure) -> PreviewAddress
    /// Quiet when nothing is published.
    func withdraw(_ preview: PreviewIdentity) async throws(PreviewFailure)
}

/// The port itself.
package struct PortRoute: PreviewRoute {
    package init() {}

    package func publish(_ order: PreviewOrder, port: Int, address: String) async throws(PreviewFailure) -> PreviewAddress {
        guard let found = PreviewAddress("http://\(address):\(port)/") else { throw .overtaken }
        return found
    }

    package func withdraw(_ preview: PreviewIdentity) async throws(PreviewFailure) {}
}
