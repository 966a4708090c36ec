import Addressing
import RPKI

extension FilterRule: CustomStringConvertible {
    /// The rule in its canonical form: `deny quick from group "upstreams" prefix-set "bogons"`.
    package var description: String {
        var words = [verb.word]
        if isQuick { words.append("quick") }
        words.append(direction.word)
        words.append(Self.list(peers.map(\.description)))
        words += conditions.words
        if !changes.isEmpty { words.append(changes.description) }
        return words.joined(separator: " ")
    }

    static func list(_ items: [String]) -> String {
        items.count == 1 ? items[0] : "{ " + items.joined(separator: " ") + " }"
    }
}

extension FilterVerb {
    /// The word of the language.
    package var word: String {
        switch self {
        case .allow: "allow"
        case .deny: "deny"
        case .match: "match"
        }
    }
}

extension FilterDirection {
    /// The word of the language.
    package var word: String {
        switch self {
        case .from: "from"
        case .to: "to"
        }
    }
}

extension PeerSelector: CustomStringConvertible {
    package var description: String {
        switch self {
        case .any: "any"
        case .ibgp: "ibgp"
        case .ebgp: "ebgp"
        case .address(let address): "\(address)"
        case .neighbor(let identity): "\(identity)"
        case .group(let name): "group \(quoted(name))"
        case .autonomousSystem(let number): "AS \(number)"
        }
    }
}

/// The text in double quotes, with what must be escaped escaped.
///
/// A backslash at the end would escape the quote that ends the text, and cannot be escaped itself: a line that
/// is continued stands between them, and leaves nothing behind when it is read.
package func quoted(_ text: String) -> String {
    var result = "\""
    var afterBackslash = false
    for scalar in text.unicodeScalars {
        if scalar == "\"" || (afterBackslash && (scalar == " " || scalar == "\t")) {
            result += "\\"
        }
        result.unicodeScalars.append(scalar)
        afterBackslash = scalar == "\\"
    }
    if afterBackslash { result += "\\\n" }
    return result + "\""
}

extension FilterConditions {
    /// The conditions in their canonical order.
    var words: [String] {
        var words: [String] = []
        if let originValidity { words.append("ovs \(originValidity.word)") }
        if let pathValidity { words.append("avs \(pathValidity.word)") }
        if !prefixes.isEmpty {
            words.append("prefix " + FilterRule.list(prefixes.map(\.description)))
        }
        if let prefixSet {
            words.append(
                "prefix-set \(quoted(prefixSet.name))" + (prefixSet.orLonger ? " or-longer" : "")
            )
        }
        if let originSet { words.append("origin-set \(quoted(originSet))") }
        switch nextHop {
        case .address(let address): words.append("nexthop \(address)")
        case .neighbor: words.append("nexthop neighbor")
        case nil: break
        }
        if !paths.isEmpty { words.append(pathWords) }
        if let pathLongerThan { words.append("max-as-len \(pathLongerThan)") }
        if let pathRepeatsMoreThan { words.append("max-as-seq \(pathRepeatsMoreThan)") }
        for alternatives in communities {
            guard let first = alternatives.first else { continue }
            words.append(first.keyword + " " + FilterRule.list(alternatives.map(\.valueText)))
        }
        if let moreCommunitiesThan { words.append("max-communities \(moreCommunitiesThan)") }
        if let moreExtendedCommunitiesThan {
            words.append("max-ext-communities \(moreExtendedCommunitiesThan)")
        }
        if let moreLargeCommunitiesThan {
            words.append("max-large-communities \(moreLargeCommunitiesThan)")
        }
        return words
    }

    private var pathWords: String {
        if let only = paths.first, paths.count == 1 { return only.description }
        return "{ " + paths.map(\.description).joined(separator: ", ") + " }"
    }
}

extension PathCondition: CustomStringConvertible {
    package var description: String {
        "\(position.word) \(matcher)"
    }
}

extension PathPosition {
    /// The word of the language.
    package var word: String {
        switch self {
        case .any: "AS"
        case .peer: "peer-as"
        case .source: "source-as"
        case .transit: "transit-as"
        }
    }
}

extension ASMatcher: CustomStringConvertible {
    package var description: String {
        switch self {
        case .equal(let number): "\(number)"
        case .notEqual(let number): "!= \(number)"
        case .range(let first, let last): "\(first) - \(last)"
        case .outside(let first, let last): "\(first) >< \(last)"
        case .set(let name): "as-set \(quoted(name))"
        case .neighborAS: "neighbor-as"
        case .localAS: "local-as"
        }
    }
}

extension PrefixRange: CustomStringConvertible {
    /// The prefix with its operator: `10.0.0.0/8 prefixlen 8 - 24`.
    package var description: String {
        if isOutside {
            return shortest == longest
                ? "\(prefix) prefixlen != \(shortest)"
                : "\(prefix) prefixlen \(shortest) >< \(longest)"
        }
        let bits = prefix.family.bitCount
        if shortest == prefix.length, longest == prefix.length { return "\(prefix)" }
        if shortest == prefix.length, longest == bits { return "\(prefix) or-longer" }
        if shortest == prefix.length { return "\(prefix) maxlen \(longest)" }
        if shortest == longest { return "\(prefix) prefixlen = \(shortest)" }
        if longest == bits { return "\(prefix) prefixlen >= \(shortest)" }
        return "\(prefix) prefixlen \(shortest) - \(longest)"
    }
}
