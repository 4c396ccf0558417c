import Basics
import Forge
import HTTP

/// Why the sandbox refuses, in GitHub's wording where clients or people read it.
struct SandboxRefusal: Error {
    let status: Int
    let message: String
    var errors: [JSONValue] = []
    var headers: HTTPHeaders = [:]

    static let notFound = SandboxRefusal(status: 404, message: "Not Found")

    static func invalid(_ errors: JSONValue...) -> SandboxRefusal {
        SandboxRefusal(status: 422, message: "Validation Failed", errors: errors)
    }

    var response: HTTPResponse {
        var body: [String: JSONValue] = ["message": .string(message), "documentation_url": "https://docs.github.com/rest"]
        if !errors.isEmpty { body["errors"] = .array(errors) }
        var response = HTTPResponse.json(status, .object(body))
        for field in headers.fields { response.headers.add(field.name, field.value) }
        return response
    }
}

/// One request on its way to a route.
struct SandboxCall {
    let request: HTTPRequest
    /// The document sent, `null` without one.
    let body: JSONValue
    let who: SandboxIdentity
    /// `http://host`, for the addresses in answers.
    let base: String

    func parameter(_ name: String) throws -> String {
        guard let value = request.parameters[name] else { throw SandboxRefusal.notFound }
        return value
    }

    func number(_ name: String) throws -> Int {
        guard let number = Int(try parameter(name)) else { throw SandboxRefusal.notFound }
        return number
    }

    func repository(_ state: SandboxState) throws -> SandboxRepository {
        guard let name = RepositoryName(owner: try parameter("owner"), name: try parameter("name")),
            let repository = state.repositories[name]
        else { throw SandboxRefusal.notFound }
        return repository
    }

    func pull(_ repository: SandboxRepository) throws -> SandboxPull {
        guard let pull = repository.pulls[try number("number")] else { throw SandboxRefusal.notFound }
        return pull
    }

    /// A text that must be there and hold more than white space.
    func text(_ name: String) throws -> String {
        guard let text = body[name]?.string, !text.allSatisfy(\.isWhitespace) else {
            throw SandboxRefusal.invalid(["field": .string(name), "code": "missing_field"])
        }
        return text
    }

    /// A page of a list, with its Link header, as GitHub cuts it.
    func page(_ elements: [JSONValue], sizeName: String = "per_page", largest: Int = 100, wrap: (JSONValue) -> JSONValue = { $0 })
        -> HTTPResponse
    {
        let size = min(max(request.queryValue(sizeName).flatMap { Int($0) } ?? 30, 1), largest)
        let number = max(request.queryValue("page").flatMap { Int($0) } ?? 1, 1)
        let rest = elements.dropFirst(min((number - 1).multipliedReportingOverflow(by: size).partialValue, elements.count))
        var response = HTTPResponse.json(200, wrap(.array(Array(rest.prefix(size)))))
        if rest.count > size {
            var query = request.query.filter { $0.name != "page" }
            query.append(.init(name: "page", value: "\(number + 1)"))
            let text = query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
            response.headers.add("Link", "<\(base)\(request.path)?\(text)>; rel=\"next\"")
        }
        response.headers.add("X-Total-Count", "\(elements.count)")
        return response
    }
}

/// Who asks. The sandbox takes any token; its form tells what it stands for.
struct SandboxIdentity {
    static let appSlug = "fettle-sandbox"
    static let app = SandboxIdentity(login: "\(appSlug)[bot]", isApp: true)

    let login: String
    let isApp: Bool

    var json: JSONValue { Self.account(login) }

    static func account(_ login: String) -> JSONValue {
        let id = login.utf8.reduce(Int64(7)) { ($0 &* 31 &+ Int64($1)) % 1_000_003 }
        return ["login": .string(login), "id": .integer(id), "type": login.hasSuffix("[bot]") ? "Bot" : "User"]
    }

    init(login: String, isApp: Bool) {
        self.login = login
        self.isApp = isApp
    }

    /// `nil` without a credential.
    init?(_ headers: HTTPHeaders) {
        guard let value = headers["Authorization"], let token = value.split(separator: " ").last else { return nil }
        let isJWT = token.utf8.count { $0 == UInt8(ascii: ".") } == 2
        let isApp = isJWT || token.hasPrefix("ghs_")
        self.init(login: isApp ? Self.app.login : "fettle", isApp: isApp)
    }
}

/// Collects the routes of every face; each runs under the store's lock.
struct SandboxRoutes {
    typealias Answer = @Sendable (inout SandboxState, SandboxCall) throws -> HTTPResponse

    private(set) var router = Router()
    private let store: SandboxStore

    init(store: SandboxStore) {
        self.store = store
    }

    mutating func on(_ method: HTTPMethod, _ pattern: String, _ answer: @escaping Answer) {
        add(method, pattern, isOpen: false, answer)
    }

    /// The same without asking who it is.
    mutating func onOpen(_ method: HTTPMethod, _ pattern: String, _ answer: @escaping Answer) {
        add(method, pattern, isOpen: true, answer)
    }

    private mutating func add(_ method: HTTPMethod, _ pattern: String, isOpen: Bool, _ answer: @escaping Answer) {
        router.on(method, pattern) { [store] request in
            guard let who = SandboxIdentity(request.headers) ?? (isOpen ? SandboxIdentity(login: "", isApp: false) : nil) else {
                return SandboxRefusal(status: 401, message: "Requires authentication").response
            }
            guard request.body.isEmpty || (try? JSONValue(parsing: request.body)) != nil else {
                return SandboxRefusal(status: 400, message: "Problems parsing JSON").response
            }
            let body = request.body.isEmpty ? JSONValue.null : (try? JSONValue(parsing: request.body)) ?? .null
            let base = "http://\(request.headers["Host"] ?? "localhost")"
            let call = SandboxCall(request: request, body: body, who: who, base: base)
            return store.withState { state in
                do {
                    return try answer(&state, call)
                } catch let refusal as SandboxRefusal {
                    return refusal.response
                } catch {
                    return .text(500, "\(error)")
                }
            }
        }
    }
}
