/// The `preview:` part of `.fettle.yml`, read from the base branch only.
package struct PreviewSettings: Sendable, Hashable, Codable {
    package enum Driver: String, Sendable, Codable, CaseIterable {
        /// Programs of the repository's own, run on the server's machine where the operator allows it.
        case command
        /// A compose file on the server's machine.
        case compose
        /// A namespace of its own in a cluster.
        case kubernetes
        /// The repository's own CI does it: the server stands aside.
        case workflow
    }

    /// What `compose` is told; all of it found in the compose file when left out.
    package struct Compose: Sendable, Hashable, Codable {
        /// In the repository; `nil` finds the usual names.
        package var file: String?
        /// The service people look at, and its port inside.
        package var service: String?
        package var port: Int?

        package init(file: String? = nil, service: String? = nil, port: Int? = nil) {
            self.file = file
            self.service = service
            self.port = port
        }
    }

    /// What `kubernetes` is told; what is left out comes from the repository itself.
    package struct Kubernetes: Sendable, Hashable, Codable {
        /// As `PreviewImage` reads it; `nil`: as the operator says.
        package var image: String?
        /// Where the application listens; with `manifests`, the port of `service`.
        package var port: Int?
        /// A path that answers when it is ready.
        package var health: String?
        package var user: Int?
        package var environment: [String: String] = [:]
        /// Kinds by host name; `nil`: as the repository's compose file has them.
        package var services: [String: String]?
        /// On the base branch: a file, a folder of files, a kustomization, or a chart; `nil`: made from what the repository shows.
        package var manifests: String?
        /// The service that people look at.
        package var service: String?

        package init() {}
    }

    /// A database of the preview's own, made empty.
    package struct Database: Sendable, Hashable, Codable {
        /// Run in the checkout after the database was made, with `PREVIEW_DATABASE_URL`; empty for none.
        package var migrate: [String]
        /// Run after `migrate`, only when the database is new.
        package var seed: [String]

        package init(migrate: [String] = [], seed: [String] = []) {
            self.migrate = migrate
            self.seed = seed
        }
    }

    package var driver: Driver
    package var policy: PreviewPolicy
    /// `command`: program and arguments. `./run` is looked up in the checkout.
    package var up: [String]
    package var down: [String]
    package var compose: Compose
    /// Rows of an older version have none.
    private var inCluster: Kubernetes?
    package var kubernetes: Kubernetes {
        get { inCluster ?? Kubernetes() }
        set { inCluster = newValue }
    }
    package var database: Database?
    /// One comment with the address, edited in place. `nil`: where the forge has no deployments.
    package var comments: Bool?

    package init(
        driver: Driver, policy: PreviewPolicy = PreviewPolicy(), up: [String] = [], down: [String] = [], compose: Compose = Compose(),
        database: Database? = nil, comments: Bool? = nil
    ) {
        self.driver = driver
        self.policy = policy
        self.up = up
        self.down = down
        self.compose = compose
        self.database = database
        self.comments = comments
    }
}

/// What reading the section came to.
package struct PreviewSettingsReading: Sendable, Hashable {
    package struct Fault: Sendable, Hashable, CustomStringConvertible {
        /// Counted from 1.
        package let line: Int
        /// In our own words, beside short pieces of the file.
        package let message: String

        package init(line: Int, message: String) {
            self.line = line
            self.message = message
        }

        package var description: String { "line \(line): \(message)" }
    }

    /// `nil` when there is no section, or when it has a fault: a preview half understood is none.
    package let settings: PreviewSettings?
    package let faults: [Fault]

    package init(settings: PreviewSettings?, faults: [Fault]) {
        self.settings = settings
        self.faults = faults
    }
}
