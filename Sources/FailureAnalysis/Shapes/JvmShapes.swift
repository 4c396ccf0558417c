extension ErrorShape {
    /// javac, Maven, Gradle, Ant, sbt, Kotlin, Scala, Groovy, JUnit, TestNG, ScalaTest, checkstyle, Leiningen.
    /// Source: maven.apache.org/surefire; docs.gradle.org; scala-sbt.org; junit.org
    static let jvm: [ErrorShape] = [
        ErrorShape(
            "junit.failure", .cause, #"<<< (?:FAIL|ERR)"#,
            literals: ["<<< fail", "<<< err"], class: .test,
            like: "testParse(com.example.ParserTest)  Time elapsed: 0.01 sec  <<< FAILURE!"),
        ErrorShape(
            "surefire.list", .cause, #"^(?:\[ERROR\] )?(?:Failed tests:|Tests in error:)|^\[ERROR\] (?:Failures|Errors): ?$"#,
            literals: ["failed tests:", "tests in error:", "failures: ", "errors:"], .paragraph, class: .test,
            like: "Failed tests:   testParse(com.example.ParserTest): expected:<1> but was:<2>"),
        ErrorShape(
            "surefire.counts", .summary, #"Tests run: \d+,\s*Failures: (?:[1-9]|\d+,\s*Errors: [1-9])"#,
            literals: ["tests run:"], .line, class: .test,
            like: "Tests run: 12, Failures: 1, Errors: 0, Skipped: 0"),
        ErrorShape(
            "javac.error", .cause,
            #"""
            (?:\.(?:java|kt|kts|scala|groovy|gradle|clj|cljs|cljc)(?::\[?\d+(?:[,:]\d+)?\]?)?:? ?(?:\d+:)? *(?:error\#
            |\[Error\]|error:)|^e: (?:file://|/).*\.kts?\b|^\[(?:ERROR|error)\] \S+\.(?:java|kt|scala|groovy)[:\[])
            """#,
            literals: ["error:", ".java:", ".kt:", ".scala:", ".groovy:"], class: .compile,
            like: "src/main/java/App.java:12: error: cannot find symbol"),
        ErrorShape(
            "gradle.wrong", .cause, #"^\* What went wrong:"#,
            literals: ["what went wrong"], .section,
            like: "* What went wrong:"),
        ErrorShape(
            "gradle.testFailed", .cause, #"^\S.* > .* FAILED$"#,
            literals: ["> ", " failed"], class: .test,
            like: "com.example.ParserTest > parsesEmpty() FAILED"),
        ErrorShape(
            "gradle.taskFailed", .hint, #"^(?:> Task )?:\S+ FAILED$|^> Task \S+ FAILED"#,
            literals: ["failed"], .line,
            like: "> Task :app:compileJava FAILED"),
        ErrorShape(
            "gradle.help", .aftermath,
            #"""
            ^(?:\* (?:Try|Get more help|Exception is)|> ?(?:Run with --|Get more help)|Run with --(?:stacktrace|info\#
            |debug)|BUILD FAILED in|FAILURE: Build failed)
            """#,
            literals: ["* try:", "run with --", "get more help", "build failed in", "* exception is:", "failure: build failed"], .line,
            like: "* Try:"),
        ErrorShape(
            "maven.failGoal", .hint, #"Failed to execute goal|Could not resolve dependencies|Failed to collect dependencies"#,
            literals: ["failed to execute goal", "could not resolve dep", "failed to collect dep"], .line,
            like: "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.0:compile"),
        ErrorShape(
            "maven.help", .aftermath,
            #"""
            ^\[(?:ERROR|INFO)\] (?:To see the full stack|Re-run Maven|For more information about|\[Help 1\]\#
            |After correcting|  mvn <|BUILD FAILURE|\s*$)
            """#,
            literals: [
                "re-run maven", "to see the full stack trace", "for more information about the err", "[help 1]",
                "after correcting the problems", "mvn <goals>", "build failure",
            ], .line,
            like: "[ERROR] Re-run Maven using the -X switch to enable full debug logging."),
        ErrorShape(
            "jvm.failMark", .cause, #"\*\*\* (?:FAILED|ABORTED) \*\*\*"#,
            literals: ["*** failed ***", "! ", "[fail]"], class: .test,
            like: "- should parse *** FAILED ***"),
        ErrorShape(
            "jvm.bracket", .cause, #"^\[(?:ERROR|error|FATAL|fatal|31merror)\]"#,
            literals: ["[error]", "[fatal]"],
            like: "[error] (compile:compileIncremental) Compilation failed"),
        ErrorShape(
            "jvm.exception", .cause,
            #"""
            ^(?:Exception in thread|Caused by: |Unhandled exception|Uncaught exception|Suppressed: )\#
            |^(?:\[\w+\]\s+)?(?:[a-z][\w$]*\.){1,}[A-Z][\w$]*(?:Exception|Error|Failure)\b
            """#,
            literals: ["exception", "error"],
            like: "java.lang.IllegalStateException: no such key"),
        ErrorShape(
            "jvm.expected", .detail,
            #"""
            (?:expected:? ?<.*> but was:? ?<|expected \[.*\] but found \[|but was not|ComparisonFailure|did not equal\#
            |was not equal to)
            """#,
            literals: ["expected", "but was"], .line, class: .test,
            like: "expected:<1> but was:<2>"),
        ErrorShape(
            "checkstyle.error", .cause,
            #"""
            \[(?:checkstyle|ant:checkstyle|WARN|ERROR)\].*\.java:\d+|\.java:\d+(?::\d+)?: (?:error|warning):.*\[\w+\]
            """#,
            literals: ["[checkstyle]", ".java:"], .line, class: .lint,
            like: "[ERROR] src/App.java:12: Line is longer than 100 characters. [LineLength]"),
        ErrorShape(
            "partest.failed", .cause, #"^!!\s+\d+ -"#,
            literals: ["!!"], .entry, class: .test,
            like: "!!  753 - neg/t742.scala                            [compilation failed]"),
        ErrorShape(
            "lein.fail", .cause, #"^(?:FAIL|ERROR) in \("#,
            literals: ["fail in (", "error in ("], .paragraph, class: .test,
            like: "FAIL in (parser-test) (parser_test.clj:12)"),
        ErrorShape(
            "lein.error", .cause,
            #"""
            CompilerException|^Syntax error (?:compiling|macroexpanding|reading)|Could not (?:find|transfer) artifact
            """#,
            literals: ["compilerexception", "syntax error ", "could not find artifact", "could not transfer"],
            like: "Could not find artifact example:example:jar:1.0 in central"),
    ]
}
