import Addressing
import Control

/// The words behind `neighbor`, and how a neighbor is named everywhere.
enum NeighborWords {
    /// A neighbor by address or `descr`.
    static let name: WordChoice = .value("<neighbor>", accepts: { !$0.isEmpty })
    /// The name of a group.
    static let group: WordChoice = .value("<group>", accepts: { !$0.isEmpty })

    /// Octets of a reason that fit into a NOTIFICATION (RFC 9003).
    private static let longestReason = 255

    static func parse(_ words: [String]) throws(WordFault) -> NeighborActionRequest {
        var reader = WordReader(words)
        let selector = try required(&reader)
        let choices: [WordChoice] = [
            .keyword("clear", hint: "[<reason>]"), .keyword("down", hint: "[<reason>]"),
            .keyword("destroy"), .keyword("refresh"), .keyword("up"),
        ]
        switch try reader.next(choices).word {
        case "clear": return NeighborActionRequest(selector, .clear(reason: try reason(&reader)))
        case "down": return NeighborActionRequest(selector, .down(reason: try reason(&reader)))
        case "refresh":
            _ = try reader.next([.end])
            return NeighborActionRequest(selector, .refresh)
        case "destroy":
            _ = try reader.next([.end])
            return NeighborActionRequest(selector, .destroy)
        default:
            _ = try reader.next([.end])
            return NeighborActionRequest(selector, .up)
        }
    }

    /// The neighbor that must be named here.
    static func required(_ reader: inout WordReader) throws(WordFault) -> NeighborSelector {
        let found = try reader.next([.keyword("group", hint: "<group>"), name])
        guard found.choice != name else { return selector(found.word) }
        return .group(try reader.next([group]).word)
    }

    /// An address means the neighbor with that address, anything else its `descr`.
    static func selector(_ word: String) -> NeighborSelector {
        IPAddress(text: word).map(NeighborSelector.address) ?? .descr(word)
    }

    private static func reason(_ reader: inout WordReader) throws(WordFault) -> String {
        try reason(reader.rest())
    }

    /// A reason in several words.
    static func reason(_ words: [String]) throws(WordFault) -> String {
        let text = words.joined(separator: " ")
        guard text.utf8.count <= longestReason else {
            throw .wrong(
                "the reason has \(text.utf8.count) octets, a NOTIFICATION carries"
                    + " at most \(longestReason)"
            )
        }
        return text
    }
}
