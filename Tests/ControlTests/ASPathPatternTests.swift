import Testing

@testable import Control

@Suite struct `Patterns of AS paths` {
    /// An AS_PATH value: a list of numbers is a sequence, a set stands in braces.
    private func path(_ text: String) -> [UInt8] {
        var value: [UInt8] = []
        var numbers: [UInt32] = []
        func segment(_ type: UInt8) {
            guard !numbers.isEmpty else { return }
            value += [type, UInt8(numbers.count)]
            for number in numbers {
                value += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
            }
            numbers = []
        }
        for word in text.split(separator: " ") {
            switch word {
            case "{", "(": segment(2)
            case "}": segment(1)
            case ")": segment(3)
            default:
                numbers.append(UInt32(word) ?? 0)
                if numbers.count == 200 { segment(2) }
            }
        }
        segment(2)
        return value
    }

    private func fits(_ pattern: String, _ text: String) throws -> Bool {
        var matcher = ASPathMatcher(try ASPathPattern(pattern))
        let value = path(text)
        let isFitting = matcher.matches(value.span)
        #expect(matcher.matches(value.span) == isFitting, "the second time as the first")
        return isFitting
    }

    @Test(
        arguments: [
            ("^65002_", "65002 3356", true), ("^65002_", "65002", true),
            ("^65002_", "650021 3356", false), ("^65002_", "3356 65002", false),
            ("^65002 _", "65002 3356", true), ("^65002 _", "65002", false),
            ("_3356_", "65002 3356 13335", true), ("_3356_", "3356", true),
            ("_3356_", "13356 33560", false), ("3356", "13356", true),
            ("_13335$", "65002 13335", true), ("_13335$", "13335 65002", false),
            ("^$", "", true), ("^$", "1", false), (".*", "", true), ("", "1 2", true),
            ("^[0-9]+$", "65002", true), ("^[0-9]+$", "65002 1", false),
            ("^65002 [0-9]+ 13335$", "65002 3356 13335", true),
            ("_(174|3356)_", "65002 174", true), ("_(174|3356)_", "65002 1740", false),
            ("^65002_65002_", "65002 65002 1", true), ("^(65002_)+3356$", "65002 65002 3356", true),
            ("^(65002_)+3356$", "65002 1 3356", false), ("_{ 1 2 }$", "65001 { 1 2 }", true),
            ("_2_", "65001 { 1 2 }", true), ("\\( 3 4 \\) 5", "( 3 4 ) 5", true),
            ("^6[^5]", "65001", false), ("^6[^5]", "64512", true), ("1?2", "2", true),
            ("^(1|)2$", "2", true), ("()*", "1", true), ("(a|b)*", "", false),
            ("4294967295", "4294967295", true), ("^0$", "0", true), ("^10$", "10", true),
        ] as [(String, String, Bool)]
    )
    func `what fits and what does not`(pattern: String, text: String, expected: Bool) throws {
        if pattern.contains("a") {
            #expect(throws: ASPathPatternFault.self) { try ASPathPattern(pattern) }
        } else {
            #expect(try fits(pattern, text) == expected)
        }
    }

    @Test(
        arguments: [
            ("(1", "there is no ) to this ("), ("1)", "there is no ( to this )"),
            ("*1", "there is nothing that * repeats"), ("[1", "there is no ] to this ["),
            ("[9-1]", "9-1 is no range of digits"), ("AS1", "no AS path holds \"A\""),
            ("1\\", "nothing follows the backslash"),
        ] as [(String, String)]
    )
    func `what is wrong with a pattern is said`(pattern: String, fault: String) {
        do throws(ASPathPatternFault) {
            _ = try ASPathPattern(pattern)
            Issue.record("\(pattern) is taken")
        } catch {
            #expect(error.text == fault)
        }
    }

    @Test func `a path takes time by its length, whatever the pattern`() throws {
        let long = Array(repeating: "1", count: 700).joined(separator: " ")
        #expect(try !fits("^((1_)*)*((1_)*)*2$", long))
        #expect(throws: ASPathPatternFault.self) {
            try ASPathPattern(String(repeating: "(", count: 100))
        }
        #expect(throws: ASPathPatternFault.self) {
            try ASPathPattern(String(repeating: "1", count: 256))
        }
    }
}
