import CSQLite
import Glibc

/// The writer's log, written in one piece a transaction.
///
/// SQLite writes each page of a transaction to its log in two calls, the page's head and the page, and then says “sync”. Here the writes
/// gather in memory, as long as each begins where the last one ended, and go out at the sync, or before anything else is asked of the
/// file. What is not yet out belongs to a transaction nobody was told of: with `synchronous=FULL` every commit ends in a sync, and other
/// connections learn of its pages only afterwards. A write that fails is reported by the call that carried it out, at the latest the sync.
///
/// Only the log is wrapped; every other file is the default layer's own.
/// Source: sqlite.org/vfs.html, sqlite.org/walformat.html
enum GatheredLog {
    /// The layer's name for `sqlite3_open_v2`; `nil` where it cannot be had: then the engine writes as it is used to.
    static let layer: String? = register()

    /// The default layer keeps 17 bits of a write's length. Source: `seekAndWriteFd` of os_unix.c
    private static let largest = 120 << 10
    /// `SQLITE_IOERR_WRITE`, which Swift does not see.
    private static let writeFailed = SQLITE_IOERR | 3 << 8

    private static func register() -> String? {
        guard let base = sqlite3_vfs_find(nil) else { return nil }
        let name = "fettle"
        // The library keeps these for as long as the process lives.
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: base.pointee)
        vfs.pointee.pNext = nil
        vfs.pointee.zName = UnsafePointer(strdup(name))
        vfs.pointee.szOsFile = base.pointee.szOsFile + Int32(MemoryLayout<csqlite_log_file>.stride)
        vfs.pointee.xOpen = { _, name, file, flags, outFlags in GatheredLog.open(name, file, flags, outFlags) }
        return sqlite3_vfs_register(vfs, 0) == SQLITE_OK ? name : nil
    }

    private static func open(
        _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let base = sqlite3_vfs_find(nil), let file else { return SQLITE_CANTOPEN }
        guard flags & SQLITE_OPEN_WAL != 0 else { return base.pointee.xOpen(base, name, file, flags, outFlags) }
        file.pointee.pMethods = nil
        let real = realFile(file)
        real.pointee.pMethods = nil
        let code = base.pointee.xOpen(base, name, real, flags, outFlags)
        guard real.pointee.pMethods != nil else { return code }
        file.withMemoryRebound(to: csqlite_log_file.self, capacity: 1) {
            $0.pointee.gathered = Unmanaged.passRetained(LogTail(real, room: largest)).toOpaque()
        }
        file.pointee.pMethods = methods.pointer
        return code
    }

    fileprivate static func realFile(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(file) + MemoryLayout<csqlite_log_file>.stride).assumingMemoryBound(to: sqlite3_file.self)
    }

    private static func tail(_ file: UnsafeMutablePointer<sqlite3_file>?) -> LogTail? {
        guard let file else { return nil }
        let gathered = file.withMemoryRebound(to: csqlite_log_file.self, capacity: 1) { $0.pointee.gathered }
        return gathered.map { Unmanaged<LogTail>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Safe to share: the table is filled before its address is known to anybody, and only read afterwards, for as long as the process lives.
    private struct Methods: @unchecked Sendable {
        let pointer: UnsafePointer<sqlite3_io_methods>
    }

    private static let methods: Methods = {
        var methods = sqlite3_io_methods()
        // Version 1: shared memory and mapped pages are asked of the database's file, never of the log.
        methods.iVersion = 1
        methods.xClose = { file in
            guard let tail = tail(file), let file else { return SQLITE_IOERR }
            let flushed = tail.flush()
            let closed = tail.call { $0.xClose($1) }
            Unmanaged.passUnretained(tail).release()
            file.pointee.pMethods = nil
            return flushed == SQLITE_OK ? closed : flushed
        }
        methods.xRead = { file, buffer, count, offset in
            guard let tail = tail(file) else { return SQLITE_IOERR }
            // Pages of this transaction are lost then. Of a full disk the engine would take back one statement and commit the rest; of
            // this it takes back everything. Source: `sqlite3VdbeHalt` of vdbeaux.c
            guard tail.flush() == SQLITE_OK else { return writeFailed }
            return tail.call { $0.xRead($1, buffer, count, offset) }
        }
        methods.xWrite = { file, buffer, count, offset in
            tail(file)?.write(buffer, count, at: offset) ?? SQLITE_IOERR
        }
        methods.xTruncate = { file, size in
            tail(file).map { tail in tail.afterFlush { $0.xTruncate($1, size) } } ?? SQLITE_IOERR
        }
        methods.xSync = { file, flags in
            tail(file).map { tail in tail.afterFlush { $0.xSync($1, flags) } } ?? SQLITE_IOERR
        }
        methods.xFileSize = { file, size in
            tail(file).map { tail in tail.afterFlush { $0.xFileSize($1, size) } } ?? SQLITE_IOERR
        }
        methods.xLock = { file, level in tail(file)?.call { $0.xLock($1, level) } ?? SQLITE_IOERR }
        methods.xUnlock = { file, level in tail(file)?.call { $0.xUnlock($1, level) } ?? SQLITE_IOERR }
        methods.xCheckReservedLock = { file, result in
            tail(file)?.call { $0.xCheckReservedLock($1, result) } ?? SQLITE_IOERR
        }
        methods.xFileControl = { file, code, argument in tail(file)?.call { $0.xFileControl($1, code, argument) } ?? SQLITE_NOTFOUND }
        methods.xSectorSize = { file in tail(file)?.call { $0.xSectorSize($1) } ?? 4096 }
        methods.xDeviceCharacteristics = { file in tail(file)?.call { $0.xDeviceCharacteristics($1) } ?? 0 }
        let pointer = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        pointer.initialize(to: methods)
        return Methods(pointer: UnsafePointer(pointer))
    }()
}

/// What was written to one log and is not yet in its file. Used on its connection's thread only.
private final class LogTail {
    private let real: UnsafeMutablePointer<sqlite3_file>
    /// A place of its own for as long as the file is open: a buffer that grew and shrank among the thread's other memory would have the
    /// allocator give pages back and take them again with every transaction.
    private let bytes: UnsafeMutableRawBufferPointer
    private var count = 0
    private var start: Int64 = 0

    init(_ real: UnsafeMutablePointer<sqlite3_file>, room: Int) {
        self.real = real
        bytes = .allocate(byteCount: room, alignment: 16)
    }

    deinit { bytes.deallocate() }

    func call(_ body: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32) -> Int32 {
        guard let methods = real.pointee.pMethods else { return SQLITE_IOERR }
        return body(methods.pointee, real)
    }

    func afterFlush(_ body: (sqlite3_io_methods, UnsafeMutablePointer<sqlite3_file>) -> Int32) -> Int32 {
        let code = flush()
        return code == SQLITE_OK ? call(body) : code
    }

    func write(_ buffer: UnsafeRawPointer?, _ size: Int32, at offset: Int64) -> Int32 {
        let added = UnsafeRawBufferPointer(start: buffer, count: buffer == nil ? 0 : Int(size))
        if count > 0, offset != start &+ Int64(count) || added.count > bytes.count - count {
            let code = flush()
            if code != SQLITE_OK { return code }
        }
        guard added.count <= bytes.count else { return call { $0.xWrite($1, buffer, size, offset) } }
        if count == 0 { start = offset }
        UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).copyMemory(from: added)
        count += added.count
        return SQLITE_OK
    }

    /// After a failure nothing is kept: the engine gives the transaction up, and writes its successor to the same place.
    func flush() -> Int32 {
        guard count > 0 else { return SQLITE_OK }
        defer { count = 0 }
        return call { $0.xWrite($1, bytes.baseAddress, Int32(clamping: count), start) }
    }
}
