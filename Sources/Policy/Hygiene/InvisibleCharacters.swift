/// Characters that change or hide text without being seen: bidirectional overrides, zero-width and tag characters, variation
/// selectors, control characters.
///
/// Sources: Unicode UTS #39 (security mechanisms), “Trojan Source” (CVE-2021-42574), Unicode block E0000 (tags).
package enum InvisibleCharacters {
    package static func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180B...0x180F: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB: true
        case 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF: true
        default: false
        }
    }

    /// Those that reorder what a reader sees, or carry hidden text.
    package static func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xE0000...0xE007F, 0x200B, 0x2060: true
        default: false
        }
    }

    /// Line ends become LF; all else invisible is dropped.
    package static func removed(from text: String) -> String {
        // Plain ASCII without controls needs no work.
        if text.utf8.allSatisfy({ ($0 >= 32 && $0 < 127) || $0 == 10 || $0 == 9 }) { return text }
        var result = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in text.unicodeScalars {
            defer { afterReturn = scalar == "\r" }
            if scalar == "\r" {
                result.append("\n")
            } else if scalar == "\n" {
                if !afterReturn { result.append("\n") }
            } else if scalar.value == 0x2028 || scalar.value == 0x2029 || scalar.value == 0x85 {
                result.append("\n")
            } else if !contains(scalar) {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
