import Glibc
import Testing

@testable import Generators

@Suite struct TemplateDriftTests {
    private var root: String { String(#filePath.dropLast("/Tests/GeneratorsTests/TemplateDriftTests.swift".count)) }

    private func text(_ path: String) -> String? {
        guard let file = fopen(root + "/" + path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `the embedded templates are the files of workflows-templates`() throws {
        let directory = try #require(opendir(root + "/workflows-templates"))
        defer { closedir(directory) }
        var names: Set<String> = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".yml") { names.insert(name) }
        }
        #expect(names == Set(EmbeddedTemplates.all.keys), "run scripts/embed-templates")
        for name in names {
            #expect(EmbeddedTemplates.all[name]?.description == text("workflows-templates/\(name)"), "run scripts/embed-templates: \(name)")
        }
    }

    @Test func `every pin is a full commit of a released version`() {
        for (action, pin) in ActionPins.all {
            #expect(pin.commit.count == 40 && pin.commit.allSatisfy(\.isHexDigit), "\(action)")
            #expect(pin.tag.contains { $0.isNumber }, "\(action)")
        }
    }

    @Test func `the examples of the action's page pin what they use, and put no expression into a script`() throws {
        let lines = try #require(text("action/README.md")).split(separator: "\n").map(String.init)
        let uses = lines.filter { $0.contains("uses: ") }.compactMap {
            $0.split(separator: " ", maxSplits: 20).drop { $0 != "uses:" }.dropFirst().joined(separator: " ")
        }
        #expect(uses.count >= 5)
        for line in uses {
            let action = String(line.prefix { $0 != "@" })
            let wanted = action.hasPrefix(FettleAction.repository) ? "\(action)@COMMIT # v0.1.0" : ActionPins.reference(action)
            #expect(line == wanted)
        }
        #expect(!lines.contains { $0.contains("run: ") && $0.contains("${{") })
    }
}
