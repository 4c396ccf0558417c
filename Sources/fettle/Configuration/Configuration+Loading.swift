import Basics
import Glibc

extension Configuration {
    /// The process's configuration: the environment over `fettle.yml` (or the file `FETTLE_CONFIG` names).
    ///
    /// `fettle.yml` is optional; a file named by `FETTLE_CONFIG` must exist.
    static func load(environment: [String: String]) throws -> Configuration {
        let named = environment["FETTLE_CONFIG"]
        let path = named ?? "fettle.yml"
        var faults: [ConfigurationFault] = []
        var file: [String: RawSettings.Setting] = [:]
        do {
            (file, faults) = ConfigurationFile.settings(in: try TextFile.read(path), name: path)
        } catch let error as TextFile.ReadError {
            if named != nil || !error.isMissing { faults = [ConfigurationFault(origin: path, problem: error.description)] }
        }
        do {
            let configuration = try Configuration(environment: environment, file: file, readFile: TextFile.read)
            if !faults.isEmpty { throw ConfigurationError(faults: faults) }
            return configuration
        } catch let error as ConfigurationError {
            let others = error.faults == faults ? [] : error.faults
            throw ConfigurationError(faults: inOrder(faults + others, of: path))
        }
    }

    /// Those of the file by their lines, then those of the environment as they were found.
    private static func inOrder(_ faults: [ConfigurationFault], of file: String) -> [ConfigurationFault] {
        func line(_ fault: ConfigurationFault) -> Int {
            guard fault.origin.hasPrefix(file + ":") else { return fault.origin == file ? 0 : Int.max }
            return Int(fault.origin.dropFirst(file.count + 1)) ?? Int.max
        }
        let numbered = faults.enumerated().map { (line: line($0.element), place: $0.offset, fault: $0.element) }
        return numbered.sorted { ($0.line, $0.place) < ($1.line, $1.place) }.map(\.fault)
    }
}

/// Small text files of the operator's.
enum TextFile {
    struct ReadError: Error, CustomStringConvertible {
        let description: String
        let isMissing: Bool
    }

    /// The file as UTF-8, at most 1 MiB.
    static func read(_ path: String) throws -> String {
        let limit = 1 << 20
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ReadError(description: String(cString: strerror(errno)), isMissing: errno == ENOENT) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            guard count > 0 else { throw ReadError(description: String(cString: strerror(errno)), isMissing: false) }
            content += chunk[..<count]
            if content.count > limit { throw ReadError(description: "larger than 1 MiB", isMissing: false) }
        }
        guard let text = String(validating: content, as: UTF8.self) else { throw ReadError(description: "not UTF-8", isMissing: false) }
        return text
    }
}
