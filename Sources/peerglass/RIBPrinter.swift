import Addressing
import BGPWire
import Control

/// `show rib` as text.
struct RIBPrinter {
    var book: NeighborBook
    var form: RIBCommand.Form
    private var lastPrefix: IPPrefix?
    private var lastPath: [UInt8] = []
    private var lastPathText = ""

    init(book: NeighborBook, form: RIBCommand.Form) {
        self.book = book
        self.form = form
    }

    /// The legend above the table.
    func header(to output: inout Output) {
        guard form == .table else { return }
        output.append(
            """
            flags: * = Valid, > = Selected, I = via IBGP, A = Announced,
                   S = Stale, E = Error, F = Filtered, L = Leaked
            origin validation state: N = not-found, V = valid, ! = invalid
            aspa validation state: ? = unknown, V = valid, ! = invalid
            origin: i = IGP, e = EGP, ? = Incomplete

            flags  vs destination          gateway          lpref   med aspath origin

            """ as StaticString
        )
    }

    mutating func row(_ row: RIBRow, to output: inout Output) {
        switch form {
        case .table: tableRow(row, to: &output)
        case .detail: detail(row, lineEnd: "\n", to: &output)
        case .semicolons: detail(row, lineEnd: ";", to: &output)
        case .why: why(row, to: &output)
        }
    }

    /// `rank neighbor verdict` under each prefix, and what each rule of input policy changed.
    private mutating func why(_ row: RIBRow, to output: inout Output) {
        if row.prefix != lastPrefix {
            lastPrefix = row.prefix
            output.append(row.prefix)
            output.line()
        }
        guard let reason = row.reason else { return }
        output.right(UInt64(reason.rank), 3)
        output.append(UInt8(ascii: " "))
        output.left(book.name(row.neighbor), 20)
        output.append(UInt8(ascii: " "))
        output.append(reason.words { book.name($0) })
        output.line()
        for rule in reason.rules where !rule.changes.isEmpty {
            output.append("                         " as StaticString)
            output.append("\(rule.place) \(rule.text): " + rule.changes.joined(separator: ", "))
            output.line()
        }
    }

    private mutating func tableRow(_ row: RIBRow, to output: inout Output) {
        output.left(row.flags.text, 5)
        output.append(UInt8(ascii: " "))
        switch row.originValidation {
        case .notFound: output.append("N-" as StaticString)
        case .valid: output.append("V-" as StaticString)
        case .invalid: output.append("!-" as StaticString)
        }
        switch row.pathValidation {
        case .unknown: output.append("? " as StaticString)
        case .valid: output.append("V " as StaticString)
        case .invalid: output.append("! " as StaticString)
        }
        output.left(20) { $0.append(row.prefix) }
        output.append(UInt8(ascii: " "))
        output.left(15) { $0.append(row.nextHop) }
        output.append(UInt8(ascii: " "))
        output.right(UInt64(row.localPreference), 5)
        output.append(UInt8(ascii: " "))
        output.right(UInt64(row.med), 5)
        output.append(UInt8(ascii: " "))
        if !row.asPath.isEmpty {
            output.append(pathText(row))
            output.append(UInt8(ascii: " "))
        }
        switch row.origin {
        case 0: output.append("i\n" as StaticString)
        case 1: output.append("e\n" as StaticString)
        default: output.append("?\n" as StaticString)
        }
    }

    private mutating func detail(_ row: RIBRow, lineEnd: String, to output: inout Output) {
        func line(_ text: String, _ output: inout Output) {
            output.append(text)
            output.append(lineEnd)
        }
        output.line()
        line("BGP routing table entry for \(row.prefix)", &output)
        if !row.asPath.isEmpty { line("    " + pathText(row), &output) }
        let entry = book.entry(row.neighbor)
        let isOwn = row.neighbor == .local
        let trueNextHop = (isOwn ? row.nextHop : row.trueNextHop)?.description ?? "unreachable"
        line(
            "    Nexthop \(row.nextHop) (via \(trueNextHop)) Neighbor \(book.name(row.neighbor))"
                + " (\(entry.identifier))" + (row.pathID.map { " Path-Id: \($0)" } ?? ""),
            &output
        )
        line(
            "    Origin \(row.originWord), metric \(row.med), localpref \(row.localPreference),"
                + " weight \(row.weight), ovs \(row.originValidation.word), avs \(row.pathValidation.word), "
                + row.stateWords.joined(separator: ", "),
            &output
        )
        line("    Last update: \(TimeText.span(row.ageSeconds))", &output)
        for text in AttributeLines.text(row.attributes) { line("    " + text, &output) }
    }

    private mutating func pathText(_ row: RIBRow) -> String {
        if row.asPath != lastPath {
            lastPath = row.asPath
            lastPathText = AttributeText.asPath(row.asPath.span)
        }
        return lastPathText
    }
}

extension RIBRow {
    /// ORIGIN as the detail prints it.
    var originWord: String {
        switch origin {
        case 0: "IGP"
        case 1: "EGP"
        default: "incomplete"
        }
    }

    /// `external, valid, best`.
    var stateWords: [String] {
        var words = [flags.contains(.viaIBGP) ? "internal" : "external"]
        if flags.contains(.filtered) { words.append("filtered") }
        if flags.contains(.error) { words.append("invalid") }
        if flags.contains(.leaked) { words.append("otc leak") }
        if flags.contains(.stale) { words.append("stale") }
        if flags.contains(.valid) { words.append("valid") }
        if flags.contains(.selected) { words.append("best") }
        if flags.contains(.equalCost) { words.append("ecmp") }
        if flags.contains(.asWide) { words.append("as-wide") }
        if flags.contains(.announced) { words.append("announced") }
        return words
    }
}

extension OriginValidation {
    /// The state in a word.
    var word: String {
        switch self {
        case .notFound: "not-found"
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }
}

extension PathValidation {
    /// The state in a word.
    var word: String {
        switch self {
        case .unknown: "unknown"
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }
}

/// The attributes that have no place of their own in a row.
enum AttributeLines {
    /// Types that the lines above show already.
    static let shown: Set<AttributeType> = [
        .origin, .asPath, .nextHop, .multiExitDiscriminator, .localPreference,
    ]

    /// `Communities: 65002:100` and so on: standard, extended, large, then the others by type.
    static func text(_ bytes: [UInt8]) -> [String] {
        let span = bytes.span
        let leading: [AttributeType] = [.communities, .extendedCommunities, .largeCommunities]
        var first: [String] = []
        for type in leading {
            if let attribute = PathAttribute.first(type, in: span) {
                first.append(line(attribute, span))
            }
        }
        var others: [String] = []
        var offset = 0
        while let attribute = PathAttribute.next(in: span, at: &offset) {
            if shown.contains(attribute.type) || leading.contains(attribute.type) { continue }
            others.append(line(attribute, span))
        }
        return first + others
    }

    private static func line(_ attribute: PathAttribute, _ bytes: Span<UInt8>) -> String {
        let title = attribute.type.title(flags: attribute.flags)
        let value = AttributeText.value(
            of: attribute.type,
            bytes.extracting(attribute.value)
        )
        if value.isEmpty { return title }
        return attribute.type.name == nil ? "\(title) \(value)" : "\(title): \(value)"
    }
}
