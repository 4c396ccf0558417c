/// Servers whose images we know: the port each listens on, and how it is asked whether it answers.
struct BackingServer {
    /// How its image's name begins.
    var name: String
    /// What it is for who talks to it.
    var kind: String?
    var port: Int
    var health: [String] = []

    /// Of a database that makes itself ready the port inside answers only at the end; its socket answers before.
    private static let known = [
        BackingServer(name: "postgres", port: 5432, health: ["pg_isready", "-h", "127.0.0.1"]),
        BackingServer(name: "postgis", kind: "postgres", port: 5432, health: ["pg_isready", "-h", "127.0.0.1"]),
        BackingServer(name: "pgvector", kind: "postgres", port: 5432, health: ["pg_isready", "-h", "127.0.0.1"]),
        BackingServer(name: "mysql", port: 3306, health: ["mysqladmin", "ping", "-h", "127.0.0.1"]),
        BackingServer(name: "mariadb", port: 3306, health: ["healthcheck.sh", "--connect", "--innodb_initialized"]),
        BackingServer(name: "redis", port: 6379, health: ["redis-cli", "ping"]),
        BackingServer(name: "mongo", port: 27017),
        BackingServer(name: "rabbitmq", port: 5672, health: ["rabbitmq-diagnostics", "-q", "ping"]),
        BackingServer(name: "elasticsearch", port: 9200), BackingServer(name: "memcached", port: 11211),
        BackingServer(name: "minio", port: 9000), BackingServer(name: "kafka", port: 9092),
        BackingServer(name: "valkey", port: 6379, health: ["valkey-cli", "ping"]),
    ]

    static func of(image: String) -> BackingServer? {
        let name = DetectionContext.name(of: image)
        return known.first { name.hasPrefix($0.name) }
    }

    /// Its settings can stand between the quotes of a command, and nothing in them is put in by Compose.
    static func isPlain(_ server: PlainServer) -> Bool {
        let isText = { (text: String) in SafeText.command(text) && !text.contains("'") && !text.contains("$") }
        return isImage(server.image)
            && server.environment.allSatisfy { $0.name.utf8.count <= 100 && isText($0.name) && ($0.value.isEmpty || isText($0.value)) }
    }

    private static func isImage(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 300 && !text.hasPrefix("-")
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "._-/:@".utf8.contains($0)
            }
    }

    /// The name goes into a command line.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-") && name.utf8.count <= 100
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
    }
}
