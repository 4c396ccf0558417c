import Glibc

/// How often a test with chance in it is repeated: quickly by default, long when `FETTLE_LONG_TESTS` is set.
package enum LongRun {
    package static func count(_ usual: Int, long: Int) -> Int { getenv("FETTLE_LONG_TESTS") == nil ? usual : long }
}
