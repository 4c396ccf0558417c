extension ErrorShape {
    /// Swift, Xcode, SwiftPM, XCTest, CocoaPods, Carthage.
    /// Source: developer.apple.com/documentation/xctest; github.com/xcpretty/xcpretty
    static let swift: [ErrorShape] = [
        ErrorShape(
            "swift.error", .cause, #"\.swift:\d+(?::\d+)?: (?:fatal )?error:"#,
            literals: ["error:"], class: .compile,
            like: "/src/App.swift:12:5: error: cannot find 'x' in scope"),
        ErrorShape(
            "xctest.failed", .cause, #"Test Case '.*' failed \("#,
            literals: ["]' failed", "' failed ("], class: .test,
            like: "Test Case '-[AppTests testA]' failed (0.002 seconds)."),
        ErrorShape(
            "xctest.mark", .cause, #"^\s*(?:✗|✖|✘|❌|⨯)\s"#,
            literals: ["✗", "✖", "✘", "❌", "⨯"], class: .test,
            like: "    ✗ testParse, XCTAssertEqual failed: (\"1\") is not equal to (\"2\")"),
        ErrorShape(
            "xctest.assert", .cause, #"XCTAssert\w* failed|Expectation failed: |XCTFail|^\s+test\w+, .*failed"#,
            literals: ["xctassert", "expectation failed", "xctfail", " failed"], .section, class: .test,
            like: "  testParse, XCTAssertTrue failed"),
        ErrorShape(
            "xcode.error", .cause, #"^(?:xcodebuild|xcrun|xctool|ld|actool|ibtool|fastlane|codesign): error:"#,
            literals: ["xcodebuild: error:", "xcrun: error:", "error: no such module", "error:"], .paragraph, class: .configuration,
            like: "xcodebuild: error: Unable to find a destination matching the provided destination specifier:"),
        ErrorShape(
            "xcode.crash", .cause,
            #"""
            Restarting after unexpected exit|Test crashed|[Ll]ost connection to test|[Ee]arly unexpected exit\#
            |failed to (?:launch|bootstrap|background test runner)
            """#,
            literals: [
                "restarting after unexpected exit", "test crashed", "lost connection to test", "early unexpected exit", "failed to launch",
            ], class: .test,
            like: "    testA, Test crashed with signal abrt."),
        ErrorShape(
            "xcode.failed", .summary,
            #"""
            ^\*\* (?:TEST|BUILD|ARCHIVE|ANALYZE|CLEAN)(?: \w+)? FAILED \*\*|^Failing tests:\#
            |The following build commands failed:
            """#,
            literals: ["** test failed", "** build failed", "** archive failed", "failing tests:", "following build commands failed"],
            like: "** TEST FAILED **"),
        ErrorShape(
            "pod.error", .cause, #"^\[!\] |^A shell task \(.*\) failed"#,
            literals: ["[!] ", "a shell task"], .paragraph, class: .dependency,
            like: "[!] Unable to find a specification for `Alamofire`"),
    ]
}
