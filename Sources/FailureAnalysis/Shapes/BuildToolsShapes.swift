extension ErrorShape {
    /// make, CMake, ninja, autotools, Bazel, Meson, SCons.
    /// Source: gnu.org/software/make/manual; cmake.org/cmake/help/latest; ninja-build.org/manual.html
    static let buildTools: [ErrorShape] = [
        ErrorShape(
            "cmake.error", .cause, #"^CMake Error"#,
            literals: ["cmake error"], .section, class: .configuration,
            like: "CMake Error at CMakeLists.txt:12 (find_package):"),
        ErrorShape(
            "autoconf.error", .cause,
            #"""
            ^(?:\S*/)?configure: error: |^configure\.(?:ac|in):\d+: error|^autoreconf: .*(?:fail|error)|^aclocal: error
            """#,
            literals: ["configure: error:", "configure.ac", "autoreconf: ", "aclocal: error"], class: .configuration,
            like: "configure: error: C compiler cannot create executables"),
        ErrorShape(
            "meson.error", .cause, #"^(?:\S*/)?meson\.build:\d+(?::\d+)?: ERROR"#,
            literals: ["meson.build"], .line, class: .configuration,
            like: "meson.build:12:0: ERROR: Dependency \"glib\" not found"),
        ErrorShape(
            "ninja.failed", .hint, #"^FAILED:"#,
            literals: ["failed:"], .paragraph, class: .compile,
            like: "FAILED: CMakeFiles/a.dir/main.cc.o"),
        ErrorShape(
            "make.noRule", .cause, #"\*\*\* (?:No rule to make target|missing separator|commands commence before|No targets)"#,
            literals: ["no rule to make target", "missing separator"], .line, class: .configuration,
            like: "make: *** No rule to make target 'test'.  Stop."),
        ErrorShape(
            "make.error", .aftermath,
            #"""
            ^(?:\S*/)?(?:g?make|mingw32-make|remake)(?:\[\d+\])?: (?:\*\*\* .*(?:Error -?\d+|\[)|.*not remade|Target)\#
            |^ninja: build stopped|^(?:make|gmake): \*\*\*
            """#,
            literals: ["***", "gmake", "ninja: ", "make: ", "make[", "mingw32-make"], .line,
            like: "make[2]: *** [src/main.o] Error 1"),
        ErrorShape(
            "make.entering", .harmless, #"^(?:g?make)(?:\[\d+\])?: (?:Entering|Leaving) directory"#,
            literals: ["ing directory"], .line,
            like: "make[1]: Leaving directory `/src'"),
        ErrorShape(
            "bazel.error", .cause, #"^(?:\(\d\d:\d\d:\d\d\) )?ERROR: \S*(?:BUILD|\.bzl|WORKSPACE|//)"#,
            literals: ["error: ", "error:"], class: .compile,
            like: "ERROR: /src/pkg/BUILD:12:1: C++ compilation of rule '//pkg:a' failed (Exit 1)"),
        ErrorShape(
            "bazel.fail", .cause, #"^(?:\(\d\d:\d\d:\d\d\) )?FAIL(?:ED)?: //|^//\S+\s+(?:FAILED|TIMEOUT)\b"#,
            literals: ["fail: //", "failed in"], .line, class: .test,
            like: "//pkg:a_test                 FAILED in 2.1s"),
    ]
}
