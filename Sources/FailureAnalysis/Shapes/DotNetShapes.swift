extension ErrorShape {
    /// .NET, MSBuild, NuGet, xUnit, NUnit, PowerShell, Pester.
    /// Source: learn.microsoft.com/dotnet; nunit.org; pester.dev
    static let dotNet: [ErrorShape] = [
        ErrorShape(
            "dotnet.build", .cause, #"\(\d+(?:,\d+)*\): error |\.(?:cs|fs|vb)proj : error|: error [A-Z]{2,}\d+:"#,
            literals: [": error"], .line, class: .compile,
            like: "src/App.cs(12,5): error CS1002: ; expected"),
        ErrorShape(
            "dotnet.testFail", .cause, #"\[FAIL\]\s*$|^\s*(?:Failed|X)\s+[\w.`+]+.*\[.*\d+ ?m?s\]"#,
            literals: ["[fail]", "failed"], .entry, class: .test,
            like: "    App.Tests.ParserTests.Empty [FAIL]"),
        ErrorShape(
            "dotnet.message", .detail, #"^\s*(?:Error Message:|Stack Trace:|Assert\.\w+\(\) Failure|Expected: |But was: )"#,
            literals: ["error message:", "stack trace:", "assert.", "expected: ", "but was:"], class: .test,
            like: "   Assert.Equal() Failure"),
        ErrorShape(
            "nunit.failed", .cause, #"^\s*\d+\) (?:Failed|Error|Invalid) : |^Errors, Failures and Warnings|^Errors and Failures:"#,
            literals: [") failed", ") error", "errors, failures"], .entry, class: .test,
            like: "1) Failed : App.Tests.Empty"),
        ErrorShape(
            "pester.failed", .cause, #"^\s*\[-\]"#,
            literals: ["[-] ", "expected"], class: .test,
            like: "  [-] parses the empty string 12ms"),
        ErrorShape(
            "powershell.error", .cause,
            #"""
            (?:^\s*\+ (?:CategoryInfo|FullyQualifiedErrorId)|^Execution of \{\#
            |^\S+ ?: .*(?:is not recognized as the name of a cmdlet|Cannot find path)|: The term '.*' is not recognized)
            """#,
            literals: ["categoryinfo", "fullyqualifiederrorid", "failed with exit code", "at line:"], .section,
            like: "    + CategoryInfo          : ObjectNotFound: (foo:String) [], CommandNotFoundException"),
    ]
}
