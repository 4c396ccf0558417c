import Basics
import Forge
import HTTP
import SandboxForge
import TestSupport
import Testing

@testable import fettle

/// What the forge could not hand over while no service ran.
@Suite(.serialized) struct RedeliveryTests {
    /// Nobody listens.
    private struct Nowhere: HTTPClient {
        func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
            throw .notConnected(host: "fettle", reason: "refused")
        }
    }

    @Test(arguments: [Stage.Credential.app, .token])
    func `a delivery refused while the service was down is asked for at its start, and reviewed once`(
        credential: Stage.Credential
    ) async throws {
        let stage = try Stage(credential: credential)
        if credential == .token {
            // A token learns of a hook by what the hook sends.
            try await stage.perform { router in
                try await stage.deliver("closed", id: "earlier", to: router)
                try await stage.settle(router)
            }
        }
        let lost = try #require(stage.forge.pullRequestDelivery("opened", stage.pull, id: "lost", secret: Stage.secret))
        await #expect(throws: HTTPClientError.self) {
            try await stage.forge.send(lost, to: "http://fettle/webhooks/github", with: Nowhere())
        }
        #expect(stage.forge.deliveries.map(\.status) == [nil])
        try await stage.perform { router in
            var again: [SandboxDelivery] = []
            try await stage.wait("the lost delivery to be asked for") {
                again += stage.forge.takeRedeliveries()
                return !again.isEmpty
            }
            #expect(again.map(\.id) == ["lost"])
            for delivery in again {
                try await stage.forge.send(delivery, to: "http://fettle/webhooks/github", with: InProcessHTTPClient(router))
            }
            try await stage.settle(router)
        }
        #expect(stage.reviews.count == 1)
        // The next start finds nothing to ask for.
        try await stage.perform { router in
            let before = stage.forge.requests.count
            try await stage.wait("the sweep") { stage.forge.requests.dropFirst(before).contains { $0.path.hasSuffix("/deliveries") } }
            try await stage.settle(router)
        }
        #expect(stage.forge.takeRedeliveries().isEmpty)
    }
}
