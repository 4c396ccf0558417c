/// Makes an index of a tree from one of another: directories and files that are the same are taken as they are known.
///
/// The caller walks the tree in git's order: `keep` a directory, or `begin` it, `add` what lies in it, and `end` it.
package struct SourceIndexUpdate {
    private let knownFiles: [SourceIndex.File]
    private let knownDirectories: [SourceIndex.Directory]
    private var index: SourceIndex
    /// Directories by the hash of their path.
    private var places: [UInt64: Int] = [:]
    private var open: [Opened] = []
    /// Places of files whose content is to be read, then given to `fill`.
    package private(set) var missing: [Int] = []
    /// Directories that were not known as they are now.
    package private(set) var changedDirectories = 0

    private struct Opened {
        var place: Int
        /// Files directly in it, as they are known, by the hash of their path.
        var known: [UInt32: Int]
    }

    package init(_ known: SourceIndex) {
        knownFiles = known.files
        knownDirectories = known.directories
        index = known
        index.files = []
        index.directories = []
        index.files.reserveCapacity(knownFiles.count + 100)
        for (place, directory) in knownDirectories.enumerated() {
            places[hash(directory.path, directory.pathLength)] = place
        }
    }

    private func hash(_ start: UInt32, _ length: UInt32) -> UInt64 {
        index.paths.withUnsafeBufferPointer { Identifiers.hash($0, Int(start)..<Int(start) + Int(length)) }
    }

    private func known(_ path: String) -> Int? {
        guard let place = places[Identifiers.hash(path)] else { return nil }
        return index.string(knownDirectories[place].path, knownDirectories[place].pathLength) == path ? place : nil
    }

    /// Takes a directory with all below it as it is known; `false` when it is not known with this tree.
    package mutating func keep(_ path: String, tree: SourceIndex.Digest) -> Bool {
        guard let known = known(path), knownDirectories[known].tree == tree else { return false }
        let old = knownDirectories[known]
        let (files, directories) = (index.files.count, index.directories.count)
        for place in Int(old.firstFile)..<Int(old.endFile) {
            if !knownFiles[place].isRead { missing.append(files + place - Int(old.firstFile)) }
        }
        index.files += knownFiles[Int(old.firstFile)..<Int(old.endFile)]
        for place in known..<Int(old.end) {
            var directory = knownDirectories[place]
            directory.firstFile = UInt32(Int(directory.firstFile) - Int(old.firstFile) + files)
            directory.endFile = UInt32(Int(directory.endFile) - Int(old.firstFile) + files)
            directory.end = UInt32(Int(directory.end) - known + directories)
            index.directories.append(directory)
        }
        return true
    }

    package mutating func begin(_ path: String, tree: SourceIndex.Digest) {
        changedDirectories += 1
        let old = known(path)
        open.append(Opened(place: index.directories.count, known: old.map(direct) ?? [:]))
        let (start, length) = append(path)
        let (file, directory) = (UInt32(index.files.count), UInt32(index.directories.count))
        index.directories.append(
            SourceIndex.Directory(tree: tree, path: start, pathLength: length, firstFile: file, endFile: file, end: directory + 1))
    }

    /// Files of a known directory without those of the directories below it.
    private func direct(_ place: Int) -> [UInt32: Int] {
        let directory = knownDirectories[place]
        var found: [UInt32: Int] = [:]
        var file = Int(directory.firstFile)
        var below = place + 1
        while file < Int(directory.endFile) || below < Int(directory.end) {
            let next = below < Int(directory.end) ? Int(knownDirectories[below].firstFile) : Int(directory.endFile)
            while file < next {
                found[knownFiles[file].pathHash] = file
                file += 1
            }
            guard below < Int(directory.end) else { break }
            file = Int(knownDirectories[below].endFile)
            below = Int(knownDirectories[below].end)
        }
        return found
    }

    /// Adds a file to the directory that was begun last.
    ///
    /// - Returns: its place.
    @discardableResult
    package mutating func add(_ path: String, kind: SourceIndex.Kind, content: SourceIndex.Digest) -> Int {
        let place = index.files.count
        let hash = SourceNames.hash(path)
        if let known = open.last?.known[hash], knownFiles[known].content == content, knownFiles[known].kind == kind,
            index.string(knownFiles[known].path, knownFiles[known].pathLength) == path
        {
            index.files.append(knownFiles[known])
        } else {
            let (start, length) = append(path)
            index.files.append(SourceIndex.File(content: content, pathHash: hash, path: start, pathLength: length, kind: kind))
            if kind == .link || kind == .submodule { index.files[place].setRead(.opaque) }
        }
        if !index.files[place].isRead { missing.append(place) }
        return place
    }

    private mutating func append(_ path: String) -> (start: UInt32, length: UInt32) {
        let start = index.paths.count
        index.paths += path.utf8
        return (UInt32(clamping: start), UInt32(clamping: index.paths.count - start))
    }

    package mutating func end() {
        guard let opened = open.popLast() else { return }
        index.directories[opened.place].endFile = UInt32(index.files.count)
        index.directories[opened.place].end = UInt32(index.directories.count)
    }

    package var count: Int { index.files.count }
    package func path(_ place: Int) -> String { index.path(place) }
    package func content(_ place: Int) -> SourceIndex.Digest { index.content(place) }

    /// Gives the content of a file that is missing.
    package mutating func fill(_ place: Int, _ path: String, text: [UInt8]?) {
        let names = SourceNames(path, text: text)
        fill(place, names, terms: names.part == .test ? text.map(TestTerms.init) : nil)
    }

    mutating func fill(_ place: Int, _ names: SourceNames, terms: TestTerms?) {
        var file = index.files[place]
        file.setRead(names.part)
        file.names = UInt32(clamping: index.names.count)
        file.handles = UInt32(clamping: names.handles.count)
        file.mentions = UInt32(clamping: names.mentions.count)
        index.names += names.handles
        index.names += names.mentions
        if let terms {
            file.terms = UInt32(clamping: index.terms.count)
            file.nameTerms = UInt32(clamping: terms.names.count)
            file.wordTerms = UInt32(clamping: terms.words.count)
            file.nameCount = UInt32(clamping: terms.nameCount)
            file.wordCount = UInt32(clamping: terms.wordCount)
            index.terms += terms.names
            index.terms += terms.words
        }
        index.files[place] = file
    }

    package consuming func finished() -> SourceIndex { index }
}
