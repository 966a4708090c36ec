/// Names a scenario in one word, so that one command runs it again: `storm-17`, `graph-3`, or what is left of one
/// after cutting, `storm-17:m0,2:l1:b4,7`.
package struct ScenarioName: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Up to twelve speakers in any shape.
        case storm
        /// An Internet-like graph of 24 ASes.
        case region
        /// An Internet-like graph of 200 ASes.
        case graph
    }

    package var kind: Kind
    package var seed: UInt64
    /// What is kept of it; nil for everything.
    package var cut: ScenarioCut?

    package init(_ kind: Kind, seed: UInt64, cut: ScenarioCut? = nil) {
        self.kind = kind
        self.seed = seed
        self.cut = cut
    }

    /// The name in text; nil where it is none.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let head = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard head.count == 2, let kind = Kind(rawValue: String(head[0])),
            let seed = UInt64(head[1])
        else { return nil }
        self.init(kind, seed: seed)
        guard parts.count > 1 else { return }
        guard let cut = ScenarioCut(Array(parts.dropFirst())) else { return nil }
        self.cut = cut
    }

    package var description: String {
        let head = "\(kind.rawValue)-\(seed)"
        return cut.map { "\(head):\($0)" } ?? head
    }
}

/// What is kept of a scenario: machines, links and breaks by their place in the whole.
package struct ScenarioCut: Hashable, Sendable, CustomStringConvertible {
    package var machines: [Int]
    package var links: [Int]
    package var breaks: [Int]

    package init(machines: [Int], links: [Int], breaks: [Int]) {
        self.machines = machines
        self.links = links
        self.breaks = breaks
    }

    /// `m0,2`, `l1` and `b4,7`.
    init?(_ parts: [Substring]) {
        guard parts.count == 3, let machines = Self.places(parts[0], "m"),
            let links = Self.places(parts[1], "l"), let breaks = Self.places(parts[2], "b")
        else { return nil }
        self.init(machines: machines, links: links, breaks: breaks)
    }

    private static func places(_ text: Substring, _ letter: Character) -> [Int]? {
        guard text.first == letter else { return nil }
        let numbers = text.dropFirst().split(separator: ",").map { Int($0) }
        let known = numbers.compactMap(\.self)
        return known.count == numbers.count && known == known.sorted() ? known : nil
    }

    package var description: String {
        let words = { (places: [Int]) in places.map { "\($0)" }.joined(separator: ",") }
        return "m\(words(machines)):l\(words(links)):b\(words(breaks))"
    }
}
