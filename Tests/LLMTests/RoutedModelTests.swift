import Basics
import LLM
import TestSupport
import Testing

struct RoutedModelTests {
    private func request() -> ModelRequest { ModelRequest(system: "s", messages: []) }
    private func model(_ name: String, _ answer: Result<String, ModelError>) -> ScriptedModel {
        ScriptedModel(profile: ModelProfile(name: name), [{ _ in answer }])
    }
    private static let down = ModelError.serverFailed(server: "s", status: 503, reason: "r")

    @Test func `the next model answers when the first one fails, and three requests are the most`() async throws {
        let (first, second) = (model("a", .failure(Self.down)), model("b", .success("hello")))
        let routed = try #require(RoutedModel([first, second], for: .init("review"), clock: ManualClock()))
        #expect(try await routed.complete(request()).text.raw == "hello")
        #expect(first.requests.map(\.mostAttempts) == [2])
        #expect(second.requests.map(\.mostAttempts) == [1])
    }

    @Test func `a call with few requests keeps to them, and goes to a model that did not just fail`() async throws {
        let (first, second) = (model("a", .failure(Self.down)), model("b", .success("hello")))
        let routed = try #require(RoutedModel([first, second], for: .init("review"), clock: ManualClock()))
        var one = request()
        one.mostAttempts = 1
        await #expect(throws: ModelError.self) { try await routed.complete(one) }
        #expect(second.requests.isEmpty)
        #expect(try await routed.complete(one).attempts == 1)
        #expect(first.requests.count == 1 && second.requests.count == 1)
        #expect(try await routed.complete(request()).attempts == 3, "two were allowed to the first one")
    }

    @Test func `a model that failed three times in a row is left alone for a minute`() async throws {
        let clock = ManualClock()
        let (first, second) = (model("a", .failure(Self.down)), model("b", .success("hello")))
        let routed = try #require(RoutedModel([first, second], for: .init("review"), clock: clock))
        for _ in 0..<5 { _ = try await routed.complete(request()) }
        #expect(first.requests.count == 3)
        clock.advance(by: .seconds(61))
        _ = try await routed.complete(request())
        #expect(first.requests.count == 4)
    }

    @Test func `a broken-off answer is used, not asked for elsewhere`() async throws {
        let first = model("a", .failure(.cutOff(partial: "{", usage: .none)))
        let second = model("b", .success("hello"))
        let routed = try #require(RoutedModel([first, second], for: .init("review"), clock: ManualClock()))
        await #expect(throws: ModelError.self) { try await routed.complete(request()) }
        #expect(second.requests.isEmpty)
    }

    @Test func `the narrowest window counts`() throws {
        let small = ScriptedModel(profile: ModelProfile(name: "b", contextWindow: 4096, longestAnswer: 512), texts: [""])
        let routed = try #require(RoutedModel([model("a", .success("")), small], for: .init("review"), clock: ManualClock()))
        #expect(routed.profile == ModelProfile(name: "a", contextWindow: 4096, longestAnswer: 512))
        #expect(RoutedModel([], for: .init("review"), clock: ManualClock()) == nil)
    }
}
