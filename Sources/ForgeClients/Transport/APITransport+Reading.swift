import Basics
import Forge
import HTTP

extension APITransport {
    /// The answer's document.
    func read<Wire: Decodable>(_ type: Wire.Type, _ call: ForgeCall) async throws(ForgeError) -> Wire {
        try decode(type, of: call, try await send(call))
    }

    /// Every page of a list, up to `most` elements; `isComplete` is false when the forge had more.
    func pages<Element: Decodable>(_ type: Element.Type, _ call: ForgeCall, most: Int = 10_000) async throws(ForgeError)
        -> (elements: [Element], isComplete: Bool)
    {
        try await pages([Element].self, call, most: most) { $0 }
    }

    /// The same for a list wrapped in an object.
    func pages<Page: Decodable, Element>(_ type: Page.Type, _ call: ForgeCall, most: Int = 10_000, elements: (Page) -> [Element])
        async throws(ForgeError) -> (elements: [Element], isComplete: Bool)
    {
        var all: [Element] = []
        var next: ForgeCall? = call
        while let page = next {
            let (document, following) = try await self.page(Page.self, page)
            all += elements(document)
            next = following
            if all.count >= most, next != nil { return (Array(all.prefix(most)), false) }
        }
        return (all, true)
    }

    /// One page, and the call for the next.
    func page<Page: Decodable>(_ type: Page.Type, _ call: ForgeCall) async throws(ForgeError) -> (Page, next: ForgeCall?) {
        let response = try await send(call)
        return (try decode(Page.self, of: call, response), following(call, response))
    }

    func decode<Wire: Decodable>(_ type: Wire.Type, of call: ForgeCall, _ response: ClientResponse) throws(ForgeError) -> Wire {
        do {
            return try WireDecoding.decode(type, from: response.body)
        } catch {
            throw .malformedReply(resource: call.subject, reason: error.reason)
        }
    }

    /// The call for the next page; `nil` on the last one, and for an address on another server.
    private func following(_ call: ForgeCall, _ response: ClientResponse) -> ForgeCall? {
        guard let target = LinkHeader.next(in: response.headers), APIEndpoint.origin(of: target) == endpoint.origin else { return nil }
        var next = call
        next.path = target
        next.query = []
        return next
    }
}

enum LinkHeader {
    /// The address with `rel="next"`. Source: RFC 8288 §3
    static func next(in headers: HTTPHeaders) -> String? {
        for link in headers.values("Link").flatMap({ $0.split(separator: ",") }) {
            let parts = link.split(separator: ";").map { part in part.drop { $0 == " " } }
            guard let target = parts.first, target.hasPrefix("<"), let end = target.firstIndex(of: ">") else { continue }
            if parts.dropFirst().contains(where: { $0 == "rel=\"next\"" || $0 == "rel=next" }) {
                return String(target[target.index(after: target.startIndex)..<end])
            }
        }
        return nil
    }
}
