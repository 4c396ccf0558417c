internal import Glibc
package enum Tuning {
    static func value(_ name: String, _ fallback: Double) -> Double {
        guard let text = getenv("T_" + name) else { return fallback }
        return Double(String(cString: text)) ?? fallback
    }
}
