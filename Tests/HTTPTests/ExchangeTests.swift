import Testing

@testable import HTTP

@Suite struct ExchangeTests {
    @Test func `a handler whose time was up before its task was known is cancelled all the same`() async {
        let exchange = Exchange(target: "/", targetEnd: 0, start: .zero)
        let (forever, _) = AsyncStream<Void>.makeStream()
        let handler = Task { for await _ in forever {} }
        exchange.cancelHandler()
        exchange.attach(handler)
        await handler.value
    }
}
