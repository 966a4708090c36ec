/// Numbers as people read them.
package enum NumberText {
    /// With thousands separators: `1,024,518`.
    package static func grouped(_ value: some BinaryInteger) -> String {
        let digits = Array(String(value))
        var result = ""
        for (index, digit) in digits.enumerated() {
            let left = digits.count - index
            if index > 0, left % 3 == 0, digits[index - 1] != "-" { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// So many digits at least.
    package static func padded(_ value: some BinaryInteger, to width: Int = 2) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// With its noun: `1 route`, `2,000 routes`.
    package static func counted(_ value: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(value)) \(noun)\(value == 1 ? "" : noun.hasSuffix("x") ? "es" : "s")"
    }
}
