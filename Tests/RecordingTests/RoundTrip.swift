import Addressing
import BGPWire

/// Decodes an UPDATE, encodes what it means, decodes that, and compares the meaning.
struct RoundTrip: ~Copyable {
    private var decoder = UpdateDecoder()
    private var builder = UpdateBuilder()
    /// How many messages with routes of ours went round.
    var count = 0
    /// What came out different, in words; empty where all is well.
    var differences: [String] = []

    /// What a message means: prefixes with their attributes, and those withdrawn.
    struct Meaning: Equatable {
        var withdrawn: Set<IPPrefix> = []
        var announced: [IPPrefix: [UInt8]] = [:]

        /// The same with attributes in words: two AS_SEQUENCEs that meet mean the same as one.
        var words: [String] {
            announced.map { "\($0.key) \(Self.words($0.value))" }.sorted()
                + withdrawn.map { "\($0) withdrawn" }.sorted()
        }

        private static func words(_ canonical: [UInt8]) -> String {
            var words: [String] = []
            var offset = 0
            while let found = PathAttribute.next(in: canonical.span, at: &offset) {
                let value = Array(canonical[found.value])
                words.append(
                    "\(found.flags) \(found.type.rawValue) \(AttributeText.value(of: found.type, value.span))"
                )
            }
            return words.joined(separator: ", ")
        }
    }

    /// The context in which nothing is refused that a recording may hold.
    static func context(_ body: [UInt8], fourOctetAS: Bool) -> UpdateContext {
        UpdateContext(
            fourOctetAS: fourOctetAS,
            families: [.ipv4, .ipv6],
            isIBGP: hasLocalPreference(body),
            localAS: ASNumber(65000),
            remoteAS: ASNumber(65001),
            enforceNeighborAS: false,
            rejectASSet: false
        )
    }

    private static func hasLocalPreference(_ body: [UInt8]) -> Bool {
        guard body.count >= 4 else { return false }
        let withdrawn = Int(body[0]) << 8 | Int(body[1])
        guard body.count >= withdrawn + 4 else { return false }
        return PathAttribute.first(.localPreference, in: Array(body[(withdrawn + 4)...]).span)
            != nil
    }

    mutating func run(_ body: [UInt8], fourOctetAS: Bool, _ name: String) -> UpdateVerdict {
        let context = Self.context(body, fourOctetAS: fourOctetAS)
        let (verdict, meaning) = read(body, context)
        guard verdict == .accept, !meaning.withdrawn.isEmpty || !meaning.announced.isEmpty else {
            return verdict
        }
        count += 1
        for isFour in [true, false] {
            var again = Meaning()
            for message in encode(meaning, fourOctetAS: isFour) {
                var context = context
                context.fourOctetAS = isFour
                let (verdict, part) = read(Array(message.dropFirst(19)), context)
                if verdict != .accept {
                    differences.append("\(name): second reading gave \(verdict)")
                }
                again.withdrawn.formUnion(part.withdrawn)
                again.announced.merge(part.announced) { $1 }
            }
            if isFour ? again != meaning : again.words != meaning.words {
                differences.append("\(name): \(meaning.words) became \(again.words)")
            }
        }
        return verdict
    }

    private mutating func read(_ body: [UInt8], _ context: UpdateContext) -> (
        UpdateVerdict, Meaning
    ) {
        let span = body.span
        let verdict = decoder.decode(span, context: context)
        var meaning = Meaning()
        guard verdict == .accept else { return (verdict, meaning) }
        for block in [decoder.withdrawn, decoder.mpWithdrawn] {
            meaning.withdrawn.formUnion(Self.prefixes(body, block))
        }
        let attributes = decoder.withAttributes(in: span) { span in span.indices.map { span[$0] } }
        for prefix in Self.prefixes(body, decoder.reachable) {
            meaning.announced[prefix] = attributes
        }
        let mpAttributes = decoder.withMPAttributes(in: span) { span in
            span.indices.map { span[$0] }
        }
        for prefix in Self.prefixes(body, decoder.mpReachable) {
            meaning.announced[prefix] = mpAttributes
        }
        meaning.withdrawn.subtract(meaning.announced.keys)
        return (verdict, meaning)
    }

    private static func prefixes(_ body: [UInt8], _ block: NLRIBlock) -> [IPPrefix] {
        var offset = block.range.lowerBound
        var prefixes: [IPPrefix] = []
        while offset < block.range.upperBound {
            prefixes.append(NLRI.read(block.family, from: body.span, at: &offset))
        }
        return prefixes
    }

    private mutating func encode(_ meaning: Meaning, fourOctetAS: Bool) -> [[UInt8]] {
        var stream: [UInt8] = []
        for family in AddressFamily.allCases {
            builder.beginWithdrawal(family: family, maximumLength: 4096)
            for prefix in meaning.withdrawn.sorted() where prefix.family == family {
                builder.append(prefix, to: &stream)
            }
            builder.finish(to: &stream)
            let routes = meaning.announced.filter { $0.key.family == family }
            for attributes in Set(routes.values) {
                let fits = builder.begin(
                    attributes: attributes.span,
                    family: family,
                    fourOctetAS: fourOctetAS,
                    markPartial: false,
                    maximumLength: 4096
                )
                guard fits else { continue }
                for (prefix, value) in routes.sorted(by: { $0.key < $1.key })
                where value == attributes {
                    builder.append(prefix, to: &stream)
                }
                builder.finish(to: &stream)
            }
        }
        var messages: [[UInt8]] = []
        var offset = 0
        while offset < stream.count {
            let start = offset
            guard case .message(_, let body) = MessageFraming.next(in: stream.span, at: &offset)
            else {
                differences.append("what was encoded cannot be framed")
                break
            }
            messages.append(Array(stream[start..<body.upperBound]))
        }
        return messages
    }
}
