import Addressing
package import Attributes
import BGPWire

/// What each rule did to a route: computed on request, never stored.
package struct FilterTrace: Equatable, Sendable {
    /// The rules that matched, in order.
    package var steps: [FilterStep]
    package var isAccepted: Bool
    /// The step that decided; nil where none did and the route is refused.
    package var decidingStep: Int?
}

/// One rule that matched.
package struct FilterStep: Equatable, Sendable, CustomStringConvertible {
    /// Where the rule stands.
    package var place: SourcePlace
    /// The rule as printed.
    package var rule: String
    /// What it changed, with before and after: `localpref 100 -> 120`.
    package var changes: [String]

    /// `bgpd.conf:31 deny quick from any`, and what changed after a colon.
    package var description: String {
        let head = "\(place) \(rule)"
        return changes.isEmpty ? head : head + ": " + changes.joined(separator: ", ")
    }
}

extension CompiledFilter {
    /// Filters one route and tells what every matching rule did, in order; the outcome is that of ``evaluate(_:attributes:store:editor:)``.
    package func trace(
        _ route: FilteredRoute,
        attributes: AttributesID,
        store: AttributeStore,
        editor: inout AttributesEditor
    ) -> FilterTrace {
        editor.load(attributes, from: store)
        var run = FilterRun()
        var trace = FilterTrace(steps: [], isAccepted: false, decidingStep: nil)
        for number in rules.indices where !run.isOver {
            let isMatch = editor.withBytes { bytes in
                matches(number, RouteView(route: route, fields: AttributeFields(bytes)), bytes)
            }
            guard isMatch else { continue }
            let decided = run.decidingRule
            run.matched(rules[number], number)
            var changed: [String] = []
            if rules[number].changes >= 0 {
                let before = PolicySnapshot(editor)
                changes[rules[number].changes].apply(
                    to: &editor,
                    family: route.prefix.family,
                    sourceAS: route.source?.autonomousSystem
                )
                changed = PolicySnapshot(editor).differences(from: before)
            }
            if run.decidingRule != decided { trace.decidingStep = trace.steps.count }
            let rule = written[number]
            trace.steps.append(
                FilterStep(place: rule.place, rule: rule.description, changes: changed)
            )
        }
        trace.isAccepted = run.isAccepted
        return trace
    }
}

/// What rules can change in a route, in words.
private struct PolicySnapshot {
    private var fields: [(name: String, value: String)] = []

    init(_ editor: borrowing AttributesEditor) {
        let marks = editor.marks
        fields = editor.withBytes { Self.fields($0) }
        fields.append(("weight", "\(marks.weight)"))
        fields.append(("next hop treatment", Self.treatment(marks.options)))
    }

    private static func fields(_ bytes: Span<UInt8>) -> [(name: String, value: String)] {
        func number(_ type: AttributeType, _ missing: String) -> String {
            guard let found = PathAttribute.first(type, in: bytes), found.value.count == 4 else {
                return missing
            }
            return "\(bytes.number(at: found.value.lowerBound))"
        }
        let located = AttributeFields(bytes)
        let path = PathScan(path: located.path).numbers(in: bytes)
        var origin = "none"
        if let found = PathAttribute.first(.origin, in: bytes), found.value.count == 1 {
            origin = OriginCode(rawValue: bytes[found.value.lowerBound])?.word ?? "none"
        }
        return [
            ("localpref", number(.localPreference, "100")),
            ("metric", number(.multiExitDiscriminator, "none")),
            ("AS path", path.isEmpty ? "empty" : path.map { "\($0)" }.joined(separator: " ")),
            ("nexthop", bytes.address(at: located.nextHop)?.description ?? "none"),
            (
                "communities",
                words(located.communities, 4, in: bytes) { "\($0[0] >> 16):\($0[0] & 0xFFFF)" }
            ),
            ("ext-communities", words(located.extended, 8, in: bytes) { hex($0) }),
            (
                "large-communities",
                words(located.large, 12, in: bytes) { "\($0[0]):\($0[1]):\($0[2])" }
            ),
            ("origin", origin),
        ]
    }

    private static func hex(_ numbers: [UInt32]) -> String {
        let value = UInt64(numbers[0]) << 32 | UInt64(numbers[1])
        return "0x" + String(value, radix: 16)
    }

    private static func words(
        _ range: Range<Int>,
        _ size: Int,
        in bytes: Span<UInt8>,
        _ word: ([UInt32]) -> String
    ) -> String {
        var result: [String] = []
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: size) {
            let numbers = stride(from: offset, to: offset + size, by: 4).map {
                bytes.number(at: $0)
            }
            result.append(word(numbers))
        }
        return result.isEmpty ? "none" : result.joined(separator: " ")
    }

    private static func treatment(_ options: AttributeMarks.Options) -> String {
        if options.contains(.nextHopSelf) { return "self" }
        if options.contains(.nextHopKeep) { return "no-modify" }
        if options.contains(.reject) { return "reject" }
        if options.contains(.blackhole) { return "blackhole" }
        return "usual"
    }

    func differences(from before: PolicySnapshot) -> [String] {
        zip(before.fields, fields).compactMap { old, new in
            old.value == new.value ? nil : "\(new.name) \(old.value) -> \(new.value)"
        }
    }
}
