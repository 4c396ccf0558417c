import Basics
import Text

/// Reads `preview:`; every fault is named with its line, and all of them together.
package struct PreviewSettingsReader {
    private var faults: [PreviewSettingsReading.Fault] = []
    private var settings: PreviewSettings

    private static let limits = YAMLLimits(bytes: 256 << 10, depth: 16, nodes: 5000, expandedNodes: 10_000, documents: 2)

    /// A whole `.fettle.yml`; other parts of it are not looked at. `idleLimit` and `cap` are the operator's defaults.
    package static func read(_ bytes: [UInt8], defaults: PreviewPolicy = PreviewPolicy()) -> PreviewSettingsReading {
        let root: YAMLNode?
        do {
            root = try YAML.root(of: bytes, limits: limits)
        } catch {
            let fault = PreviewSettingsReading.Fault(line: error.line, message: "not readable as YAML: \(error.reason)")
            return PreviewSettingsReading(settings: nil, faults: [fault])
        }
        guard let section = root?["preview"], !section.isNull else { return PreviewSettingsReading(settings: nil, faults: []) }
        var reader = PreviewSettingsReader(settings: PreviewSettings(driver: .command, policy: defaults))
        reader.read(section)
        return PreviewSettingsReading(settings: reader.faults.isEmpty ? reader.settings : nil, faults: reader.faults)
    }

    private init(settings: PreviewSettings) {
        self.settings = settings
    }

    private mutating func fault(_ node: YAMLNode, _ message: String) {
        faults.append(PreviewSettingsReading.Fault(line: node.start.line, message: message))
    }

    private mutating func read(_ section: YAMLNode) {
        guard let pairs = section.mapping else { return fault(section, "`preview` must be a mapping") }
        var selectors = Selectors()
        for pair in pairs { read(pair, &selectors) }
        guard let driver = section["driver"] else {
            return fault(section, "`preview.driver` is missing: one of \(Self.names)")
        }
        finish(selectors, in: section, driver: driver)
    }

    private static let names = PreviewSettings.Driver.allCases.map(\.rawValue).joined(separator: ", ")

    /// What `when` needs beside itself.
    private struct Selectors {
        var when: YAMLNode?
        var label: String?
        var paths: [String] = []
    }

    private mutating func read(_ pair: YAMLPair, _ selectors: inout Selectors) {
        let value = pair.value
        switch pair.key.text ?? "" {
        case "driver":
            if let driver = value.text.flatMap(PreviewSettings.Driver.init) {
                settings.driver = driver
            } else {
                fault(value, "`preview.driver` must be one of \(Self.names)")
            }
        case "up": settings.up = words(value, "up")
        case "down": settings.down = words(value, "down")
        case "when": selectors.when = value
        case "label": selectors.label = text(value, "label", limit: 100)
        case "paths": selectors.paths = list(value, "paths", limit: 100)
        case "drafts": if let flag = flag(value, "drafts") { settings.policy.includesDrafts = flag }
        case "comment": settings.comments = flag(value, "comment")
        case "ttl": if let time = time(value) { settings.policy.idleLimit = time }
        case "cap": if let cap = number(value, "cap", 1...100) { settings.policy.cap = cap }
        case "compose": readCompose(value)
        case "kubernetes": readKubernetes(value)
        case "database": readDatabase(value)
        case let other: fault(pair.key, "`preview.\(other.prefix(40))` is no setting")
        }
    }

    private mutating func finish(_ selectors: Selectors, in section: YAMLNode, driver: YAMLNode) {
        settings.policy.when = when(selectors, section)
        if settings.driver == .command || settings.driver == .workflow {
            for (name, argv) in [("up", settings.up), ("down", settings.down)] where argv.isEmpty && section[name] == nil {
                fault(driver, "the driver `\(settings.driver.rawValue)` needs `preview.\(name)`: a program and its arguments as a list")
            }
        }
    }

    private mutating func when(_ selectors: Selectors, _ section: YAMLNode) -> PreviewPolicy.When {
        let word = selectors.when?.text ?? (selectors.label != nil ? "label" : selectors.paths.isEmpty ? "always" : "paths")
        switch word {
        case "always": return .always
        case "command": return .command
        case "label":
            if selectors.label == nil, section["label"] == nil { fault(selectors.when ?? section, "`when: label` needs `preview.label`") }
            return .label(selectors.label ?? "")
        case "paths":
            if selectors.paths.isEmpty, section["paths"] == nil { fault(selectors.when ?? section, "`when: paths` needs `preview.paths`") }
            return .paths(selectors.paths)
        default:
            fault(selectors.when ?? section, "`preview.when` must be one of always, label, paths, command")
            return .command
        }
    }

    private mutating func readCompose(_ node: YAMLNode) {
        guard let pairs = node.mapping else { return fault(node, "`preview.compose` must be a mapping") }
        for pair in pairs {
            switch pair.key.text ?? "" {
            case "file": settings.compose.file = path(pair.value, "compose.file")
            case "service": settings.compose.service = text(pair.value, "compose.service", limit: 100)
            case "port": settings.compose.port = number(pair.value, "compose.port", 1...65535)
            case let other: fault(pair.key, "`preview.compose.\(other.prefix(40))` is no setting")
            }
        }
    }

    private mutating func readKubernetes(_ node: YAMLNode) {
        guard let pairs = node.mapping else { return fault(node, "`preview.kubernetes` must be a mapping") }
        for pair in pairs {
            let value = pair.value
            switch pair.key.text ?? "" {
            case "image":
                settings.kubernetes.image = value.string
                if value.string.flatMap({ PreviewImage($0) }) == nil {
                    fault(value, "`preview.kubernetes.image` must be the name of an image, such as \(PreviewImage.usual)")
                }
            case "port": settings.kubernetes.port = number(value, "kubernetes.port", 1...65535)
            case "user": settings.kubernetes.user = number(value, "kubernetes.user", 1...4_294_967_294)
            case "health":
                settings.kubernetes.health = text(value, "kubernetes.health", limit: 300)
                if settings.kubernetes.health?.hasPrefix("/") == false {
                    fault(value, "`preview.kubernetes.health` must be a path such as /healthz")
                }
            case "manifests": settings.kubernetes.manifests = path(value, "kubernetes.manifests")
            case "service": settings.kubernetes.service = text(value, "kubernetes.service", limit: 63)
            case "environment": settings.kubernetes.environment = texts(value, "kubernetes.environment", limit: 10_000)
            case "services": settings.kubernetes.services = texts(value, "kubernetes.services", limit: 63)
            case let other: fault(pair.key, "`preview.kubernetes.\(other.prefix(40))` is no setting")
            }
        }
    }

    /// At most 100 texts by name.
    private mutating func texts(_ node: YAMLNode, _ name: String, limit: Int) -> [String: String] {
        var texts: [String: String] = [:]
        for pair in node.mapping ?? [] {
            guard let key = pair.key.text, let text = pair.value.text, isName(key), text.utf8.count <= limit, !text.utf8.contains(0) else {
                fault(pair.value, "`preview.\(name)` must be texts by name")
                continue
            }
            texts[key] = text
        }
        if node.mapping == nil || texts.count > 100 { fault(node, "`preview.\(name)` must be a mapping of at most 100 texts") }
        return texts
    }

    private func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 || $0 == 45
            }
    }

    private mutating func readDatabase(_ node: YAMLNode) {
        if node.bool == true {
            settings.database = PreviewSettings.Database()
            return
        }
        if node.bool == false {
            settings.database = nil
            return
        }
        guard let pairs = node.mapping else { return fault(node, "`preview.database` must be true, false or a mapping") }
        var database = PreviewSettings.Database()
        for pair in pairs {
            switch pair.key.text ?? "" {
            case "migrate": database.migrate = words(pair.value, "database.migrate")
            case "seed": database.seed = words(pair.value, "database.seed")
            case let other: fault(pair.key, "`preview.database.\(other.prefix(40))` is no setting")
            }
        }
        settings.database = database
    }

    // MARK: Kinds

    /// A program and its arguments. A text would need a shell to be split by; none is.
    private mutating func words(_ node: YAMLNode, _ name: String) -> [String] {
        let words = node.sequence?.map(\.text) ?? []
        let whole = words.compactMap { $0 }
        guard !whole.isEmpty, whole.count == words.count, whole.count <= 100, whole.first?.isEmpty == false,
            whole.allSatisfy({ $0.utf8.count <= 10_000 && !$0.utf8.contains(0) })
        else {
            fault(node, "`preview.\(name)` must be a list: a program and its arguments, e.g. [\"sh\", \"preview.sh\"]")
            return []
        }
        return whole
    }

    private mutating func list(_ node: YAMLNode, _ name: String, limit: Int) -> [String] {
        let nodes = node.sequence ?? (node.string == nil ? [] : [node])
        let texts = nodes.compactMap(\.string)
        guard !texts.isEmpty, texts.count == nodes.count, texts.count <= limit, texts.allSatisfy({ $0.utf8.count <= 1000 }) else {
            fault(node, "`preview.\(name)` must be a list of 1 to \(limit) texts")
            return []
        }
        return texts
    }

    private mutating func text(_ node: YAMLNode, _ name: String, limit: Int) -> String? {
        if let text = node.string, !text.isEmpty, text.utf8.count <= limit { return text }
        fault(node, "`preview.\(name)` must be a text of at most \(limit) bytes")
        return nil
    }

    /// A file inside the repository.
    private mutating func path(_ node: YAMLNode, _ name: String) -> String? {
        let parts = node.string?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        if let text = node.string, !text.isEmpty, text.utf8.count <= 300, !text.hasPrefix("-"), !parts.contains(".."), !parts.contains(""),
            !text.utf8.contains(0)
        {
            return text
        }
        fault(node, "`preview.\(name)` must be the path of a file in the repository")
        return nil
    }

    private mutating func flag(_ node: YAMLNode, _ name: String) -> Bool? {
        if node.bool == nil { fault(node, "`preview.\(name)` must be true or false") }
        return node.bool
    }

    private mutating func number(_ node: YAMLNode, _ name: String, _ range: ClosedRange<Int64>) -> Int? {
        if let number = node.int, range.contains(number) { return Int(exactly: number) }
        fault(node, "`preview.\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    private mutating func time(_ node: YAMLNode) -> Seconds? {
        if let time = node.text.flatMap(Seconds.init) { return time }
        fault(node, "`preview.ttl` must be a time such as 90m, 36h or 2d, at most 366d")
        return nil
    }
}
