import Glibc
import HTTP
import Storage

/// What keeps a server from starting although its configuration reads well, sorted by who can help: the operator (exit status 2) or time (3).
enum StartFault {
    /// Another process holds the file, it is no database of ours, or its folder is not there: nothing changes by waiting.
    static func explaining(_ error: DatabaseError, _ location: Configuration.DatabaseLocation) -> any Error {
        let variable = ConfigurationKey.database.variable
        switch error {
        case .inUse: return fault(variable, "\(error). Stop the other one, name another file, or use PostgreSQL, which takes many")
        case .damaged: return fault(variable, "\(error)")
        case .notWritable(let reason):
            guard case .sqlite(let path) = location, !isWritable(path) else { return error }
            return fault(variable, "'\(path)' cannot be opened for writing (\(reason)); make its folder, or give the rights to it")
        case .disconnected, .constraint, .statement, .unexpectedRow, .closed: return error
        }
    }

    /// The address is taken, is none of this machine's, or needs a right we lack.
    static func explaining(_ error: HTTPServerError) -> any Error {
        let code =
            switch error {
            case .cannotListen(_, let code): code
            }
        let remedy =
            switch code {
            case EADDRINUSE: "stop what listens there, or choose another port: port 0 takes any free one"
            case EADDRNOTAVAIL:
                "no interface of this machine has that address: 127.0.0.1 is reached from here only, 0.0.0.0 from everywhere"
            case EACCES: "ports below 1024 need a right: choose a higher one"
            default: "choose another address"
            }
        return fault(ConfigurationKey.listen.variable, "\(error); \(remedy)")
    }

    private static func fault(_ origin: String, _ problem: String) -> ConfigurationError {
        ConfigurationError(faults: [ConfigurationFault(origin: origin, problem: problem)])
    }

    /// The file where it exists, else its folder.
    private static func isWritable(_ path: String) -> Bool {
        if access(path, F_OK) == 0 { return access(path, W_OK) == 0 && isFile(path) }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        return access(folder, W_OK) == 0
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
