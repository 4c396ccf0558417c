import FoundationEssentials
import TestSupport
import Testing

@testable import Previews

@Suite struct PreviewFoldersTests {
    @Test func `links that lead out of a checkout are seen, wherever they stand in a path`() throws {
        let folder = try TemporaryFolder()
        let checkout = folder.path + "/checkout"
        let manager = FileManager.default
        try manager.createDirectory(atPath: checkout + "/conf/inner", withIntermediateDirectories: true)
        for (name, target) in [
            ("out", "/etc"), ("up", ".."), ("nowhere", "/does/not/exist"), ("within", "conf"), ("conf/inner/out", "../../.."),
        ] {
            try manager.createSymbolicLink(atPath: "\(checkout)/\(name)", withDestinationPath: target)
        }
        let folders = PreviewFolders(root: folder.path + "/previews")
        for bad in ["out", "./out", "out/passwd", "up", "up/x", "nowhere", "conf/inner/out", "within/inner/out/x"] {
            #expect(folders.leadsOut(bad, of: checkout), "\(bad)")
        }
        for good in [".", "conf", "./conf/inner", "within", "within/inner", "not/there", ".env"] {
            #expect(!folders.leadsOut(good, of: checkout), "\(good)")
        }
    }
}
