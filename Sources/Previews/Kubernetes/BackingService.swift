import Basics

/// A server that an application needs beside itself, made anew and empty in the preview's own namespace. A new kind is a line in `known`.
struct BackingService: Sendable {
    let image: String
    let port: Int
    /// Variables of the server itself; `{password}` is filled in.
    var environment: [String: String] = [:]
    /// Under which name the application finds it, and how it reads.
    let variable: String
    let address: String

    static let known: [String: BackingService] = [
        "postgres": BackingService(
            image: "docker.io/library/postgres:17-alpine", port: 5432,
            environment: ["POSTGRES_USER": "preview", "POSTGRES_PASSWORD": "{password}", "POSTGRES_DB": "preview"],
            variable: "DATABASE_URL", address: "postgres://preview:{password}@{host}:5432/preview"),
        "mysql": BackingService(
            image: "docker.io/library/mysql:8.4", port: 3306,
            environment: [
                "MYSQL_USER": "preview", "MYSQL_PASSWORD": "{password}", "MYSQL_DATABASE": "preview", "MYSQL_RANDOM_ROOT_PASSWORD": "yes",
            ], variable: "DATABASE_URL", address: "mysql://preview:{password}@{host}:3306/preview"),
        "mariadb": BackingService(
            image: "docker.io/library/mariadb:11", port: 3306,
            environment: [
                "MARIADB_USER": "preview", "MARIADB_PASSWORD": "{password}", "MARIADB_DATABASE": "preview",
                "MARIADB_RANDOM_ROOT_PASSWORD": "yes",
            ], variable: "DATABASE_URL", address: "mysql://preview:{password}@{host}:3306/preview"),
        "redis": BackingService(
            image: "docker.io/library/redis:7-alpine", port: 6379, variable: "REDIS_URL", address: "redis://{host}:6379"),
        "valkey": BackingService(
            image: "docker.io/valkey/valkey:8-alpine", port: 6379, variable: "REDIS_URL", address: "redis://{host}:6379"),
        "memcached": BackingService(
            image: "docker.io/library/memcached:1-alpine", port: 11211, variable: "MEMCACHED_URL", address: "memcached://{host}:11211"),
        "mongo": BackingService(
            image: "docker.io/library/mongo:8", port: 27017, variable: "MONGODB_URI", address: "mongodb://{host}:27017/preview"),
        "rabbitmq": BackingService(
            image: "docker.io/library/rabbitmq:4-alpine", port: 5672,
            environment: ["RABBITMQ_DEFAULT_USER": "preview", "RABBITMQ_DEFAULT_PASS": "{password}"], variable: "AMQP_URL",
            address: "amqp://preview:{password}@{host}:5672"),
    ]

    func filled(_ text: String, host: String, password: String) -> String {
        text.replacingExactly("{password}", with: password).replacingExactly("{host}", with: host)
    }
}
