import Basics
import HTTP
import Jobs

/// The server that holds an embedded database, asked to change a job: nobody else may write beside it.
struct RunningServer: Sendable {
    enum Answer: Sendable, Hashable {
        case done
        case refused(String)
        case noSuchJob
    }

    private let base: String
    private let token: Secret
    private let http: any HTTPClient

    /// `path` is the database's file. Fails with what to do instead when the server cannot be asked.
    init(holding path: String, _ configuration: Configuration, http: any HTTPClient) throws(OperatorError) {
        let listen = configuration.listen
        guard listen.port != 0 else {
            throw OperatorError(
                "a running server holds '\(path)', and FETTLE_LISTEN gives it any free port: set FETTLE_LISTEN to the one it took")
        }
        guard let key = try? AuditKeyFile.key(for: configuration, mayCreate: false) else {
            throw OperatorError(
                "a running server holds '\(path)', and its key file '\(path).audit-key' cannot be read: run this as the server's user")
        }
        let everywhere = ["0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"]
        let host = everywhere[listen.host] ?? (listen.host.contains(":") ? "[\(listen.host)]" : listen.host)
        base = "http://\(host):\(listen.port)"
        token = key.token(for: JobCommandRoutes.purpose)
        self.http = http
    }

    /// - Parameter verb: `retry` or `cancel`.
    func change(_ id: JobID, _ verb: String) async throws -> Answer {
        let url = "\(base)/api/v1/jobs/\(PercentEncoding.encode(id.rawValue))/\(verb)"
        let request = ClientRequest(
            .post, url, headers: ["Authorization": "Bearer \(token.reveal())"], body: [], deadline: .seconds(10))
        let response: ClientResponse
        do {
            response = try await http.send(request)
        } catch {
            throw OperatorError(
                "a running server holds the database, but does not answer at \(base) (\(error)): give FETTLE_LISTEN as the server has it, or stop the server first"
            )
        }
        switch response.status {
        case 200: return .done
        case 404: return .noSuchJob
        case 409: return .refused((try? JSONValue(parsing: response.body))?["error"]?.string ?? "")
        default: throw OperatorError("the server at \(base) answered \(response.status): is it the one that holds this database?")
        }
    }
}
