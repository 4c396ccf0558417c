package import Basics

extension GitRepository {
    /// The contents of many files by object id, in one go; ids that are no file here, or are larger than `limit`, are left out.
    package func contents(of ids: [ObjectID], limit: ByteCount = .mebibytes(8)) async throws(GitError) -> [ObjectID: [UInt8]] {
        try await reader.blobs(ids, limit: limit)
    }

    /// Of these objects those that are not here, as in a partial clone.
    package func absent(_ ids: [ObjectID]) async throws(GitError) -> Set<ObjectID> { try await reader.absent(ids) }
}

extension ObjectReader {
    func blobs(_ ids: [ObjectID], limit: ByteCount) throws(GitError) -> [ObjectID: [UInt8]] {
        var contents = [ObjectID: [UInt8]](minimumCapacity: ids.count)
        var absent: Set<ObjectID>?
        for id in ids where contents[id] == nil && absent?.contains(id) != true {
            if let content = try blob(id, limit: limit) {
                contents[id] = content
            } else if absent == nil {
                // Each look for what is not here reads the list of packs again: in a partial clone, one look for all.
                absent = try self.absent(ids)
            }
        }
        return contents
    }
}
