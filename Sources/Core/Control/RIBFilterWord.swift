internal import Addressing
internal import BGPWire

/// A word by which routes are filtered: the command line and the dashboard read the same ones.
///
/// Words for prefixes and neighbors are not among them: which prefixes there are to type and what a neighbor may be
/// called differs between the two.
package struct RIBFilterWord: Sendable {
    /// The word, and others that mean the same.
    package let names: [String]
    /// What follows it, as a list of choices shows it; empty where nothing does.
    package let hint: String
    /// How many words follow.
    package let valueCount: Int
    /// What may follow, where that is one of a few words.
    package let choices: [String]
    private let read: @Sendable (String) throws(RIBFilterFault) -> RIBFilter.Test

    /// The test that the word stands for with what follows it, blanks between where that is more than one word.
    package func test(_ value: String = "") throws(RIBFilterFault) -> RIBFilter.Test {
        try read(value)
    }

    private init(_ names: String..., means test: RIBFilter.Test) {
        self.names = names
        hint = ""
        valueCount = 0
        choices = []
        read = { _ throws(RIBFilterFault) in test }
    }

    private init(
        _ names: String...,
        hint: String = "",
        valueCount: Int = 1,
        choices: [String] = [],
        read: @escaping @Sendable (String) throws(RIBFilterFault) -> RIBFilter.Test
    ) {
        self.names = names
        self.hint = hint
        self.valueCount = valueCount
        self.choices = choices
        self.read = read
    }

    /// The word of that name.
    package static func named(_ name: String) -> RIBFilterWord? {
        all.first { $0.names.contains(name) }
    }

    /// All there are.
    package static let all: [RIBFilterWord] = [
        RIBFilterWord("as", hint: asHint) { text throws(RIBFilterFault) in
            .asPath(.anywhere(try number(text)))
        },
        RIBFilterWord("peer-as", hint: asHint) { text throws(RIBFilterFault) in
            .asPath(.peer(try number(text)))
        },
        RIBFilterWord("source-as", "origin-as", hint: asHint) { text throws(RIBFilterFault) in
            .asPath(.source(try number(text)))
        },
        RIBFilterWord("transit-as", hint: asHint) { text throws(RIBFilterFault) in
            .asPath(.transit(try number(text)))
        },
        RIBFilterWord("empty-as", means: .asPath(.emptyPath)),
        RIBFilterWord("path", hint: "<pattern>") { text throws(RIBFilterFault) in
            do throws(ASPathPatternFault) {
                return .pathPattern(try ASPathPattern(text))
            } catch {
                throw RIBFilterFault("path \"\(text)\": \(error.text)")
            }
        },
        RIBFilterWord("community", hint: "<community>") { text throws(RIBFilterFault) in
            guard let pattern = CommunityText.standard(text) else {
                throw RIBFilterFault("\"\(text)\": expected 65002:100, * for any number")
            }
            return .community(pattern)
        },
        RIBFilterWord("large-community", hint: "<large-community>") {
            text throws(RIBFilterFault) in
            guard let pattern = CommunityText.large(text) else {
                throw RIBFilterFault("\"\(text)\": expected 65002:1:1, * for any number")
            }
            return .community(pattern)
        },
        RIBFilterWord("ext-community", hint: "<subtype> <value>", valueCount: 2) {
            text throws(RIBFilterFault) in
            guard let pattern = CommunityText.extended(text) else {
                throw RIBFilterFault("\"\(text)\": expected rt 65002:7, * for any")
            }
            return .community(pattern)
        },
        RIBFilterWord("ovs", choices: ["invalid", "not-found", "valid"]) {
            text throws(RIBFilterFault) in
            switch text {
            case "valid", "V": return .originValidation(.valid)
            case "invalid", "!": return .originValidation(.invalid)
            case "not-found", "N": return .originValidation(.notFound)
            default:
                throw RIBFilterFault("ovs \"\(text)\": expected valid, invalid or not-found")
            }
        },
        RIBFilterWord("avs", choices: ["invalid", "unknown", "valid"]) {
            text throws(RIBFilterFault) in
            switch text {
            case "valid", "V": return .pathValidation(.valid)
            case "invalid", "!": return .pathValidation(.invalid)
            case "unknown", "?": return .pathValidation(.unknown)
            default:
                throw RIBFilterFault("avs \"\(text)\": expected valid, invalid or unknown")
            }
        },
        RIBFilterWord("nexthop", hint: "<address>") { text throws(RIBFilterFault) in
            guard let address = IPAddress(text: text) else {
                throw RIBFilterFault("nexthop \"\(text)\": expected an address")
            }
            return .nextHop(address)
        },
        RIBFilterWord("path-id", hint: "<number>") { text throws(RIBFilterFault) in
            guard let number = UInt32(text), text.first != "+" else {
                throw RIBFilterFault("path-id \"\(text)\": expected a number")
            }
            return .pathID(number)
        },
        RIBFilterWord("best", "selected", means: .best),
        RIBFilterWord("filtered", "refused", means: .refused),
        RIBFilterWord("disqualified", means: .disqualified),
        RIBFilterWord("leaked", means: .leaked),
        RIBFilterWord("error", "malformed", means: .malformed),
        RIBFilterWord("inet", "IPv4", means: .family(.ipv4)),
        RIBFilterWord("inet6", "IPv6", means: .family(.ipv6)),
    ]

    private static let asHint = "<as-number>"

    private static func number(_ text: String) throws(RIBFilterFault) -> ASNumber {
        guard let number = ASNumber(text: text) else {
            throw RIBFilterFault("\"\(text)\": expected an AS number")
        }
        return number
    }
}

/// What is wrong with a filter, in words for the one who typed it.
package struct RIBFilterFault: Error, Hashable {
    package var text: String

    package init(_ text: String) { self.text = text }
}

/// Community patterns as they are typed: numbers, `*` and the names of the well-known ones.
private enum CommunityText {
    private static let wellKnown: [(name: String, value: UInt16)] = [
        ("GRACEFUL_SHUTDOWN", 0x0000), ("BLACKHOLE", 0x029A), ("NO_EXPORT", 0xFF01),
        ("NO_ADVERTISE", 0xFF02), ("NO_EXPORT_SUBCONFED", 0xFF03), ("NO_PEER", 0xFF04),
    ]

    /// `65002:100`, `65002:*`, `NO_EXPORT`.
    static func standard(_ text: String) -> RIBFilter.CommunityPattern? {
        if let known = wellKnown.first(where: { $0.name == text }) {
            return .standard(0xFFFF, known.value)
        }
        guard let parts = numbers(text, count: 2, UInt16.self) else { return nil }
        return .standard(parts[0], parts[1])
    }

    /// `65002:1:*`.
    static func large(_ text: String) -> RIBFilter.CommunityPattern? {
        guard let parts = numbers(text, count: 3, UInt32.self) else { return nil }
        return .large(parts[0], parts[1], parts[2])
    }

    /// `rt 65002:7`, `rt *`, `* 65002:*`.
    static func extended(_ text: String) -> RIBFilter.CommunityPattern? {
        let words = text.split(separator: " ")
        guard words.count == 2, let subtype = words.first,
            subtype == "*" || AttributeText.isExtendedSubtype(String(subtype))
        else { return nil }
        return .extended(
            subtype: subtype == "*" ? nil : String(subtype),
            value: words[1] == "*" ? nil : String(words[1])
        )
    }

    /// Numbers between colons, nil for `*`.
    private static func numbers<Number: FixedWidthInteger>(
        _ text: String,
        count: Int,
        _ type: Number.Type
    ) -> [Number?]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == count else { return nil }
        var numbers: [Number?] = []
        for part in parts {
            if part == "*" {
                numbers.append(nil)
            } else if let number = Number(part), part.first != "+" {
                numbers.append(number)
            } else {
                return nil
            }
        }
        return numbers
    }
}
