import Addressing
import Policy

extension Parser {
    /// Reads `network PREFIX [set …]` and `network prefix-set NAME [set …]`.
    mutating func network() throws(Diagnostic) {
        try advance()
        if family != nil {
            try advance()
            guard ["static", "connected", "priority", "rtlabel"].contains(token.text) else {
                throw unexpected(["static", "connected", "priority", "rtlabel"])
            }
            throw notSupportedYet(token)
        }
        if try accept(word: "prefix-set") { return try networkPrefixSet() }
        guard startsPrefix else {
            throw unexpected(["a prefix", "prefix-set", "inet", "inet6"])
        }
        let place = token.position
        let prefix = try self.prefix()
        let changes = try optionalChanges()
        if let other = draft.configuration.networks.first(where: { $0.prefix == prefix }) {
            throw lexer.fault(
                place,
                "network \(prefix) is announced already by line \(other.place.line)"
            )
        }
        add(prefix, changes, place)
    }

    private mutating func networkPrefixSet() throws(Diagnostic) {
        let place = token.position
        let name = try string("a set's name", max: 127)
        guard let set = draft.configuration.filter.sets.prefixSet(named: name) else {
            throw lexer.fault(place, undefined("prefix-set", name))
        }
        draft.usedSets.insert("prefix-set \(name)")
        guard !set.hasOperators else {
            throw lexer.fault(
                place,
                "prefix-set \(name) has prefixlen operators and cannot be used in network statements."
            )
        }
        let changes = try optionalChanges()
        for member in set.members {
            // Of two sets that share a prefix the later one counts, as it does when routes are announced.
            draft.configuration.networks.removeAll { $0.prefix == member.prefix }
            add(member.prefix, changes, place)
        }
    }

    private mutating func add(_ prefix: IPPrefix, _ changes: RouteChanges, _ position: Position) {
        draft.configuration.networks.append(
            NetworkStatement(place: lexer.place(position), prefix: prefix, changes: changes)
        )
    }

    private mutating func optionalChanges() throws(Diagnostic) -> RouteChanges {
        guard token.isWord("set") else { return RouteChanges() }
        var changes = RouteChanges()
        try setStatement(into: &changes)
        return changes
    }

    /// `prefix-set 'x' not defined`, with a name that is close.
    func undefined(_ kind: String, _ name: String) -> String {
        let names = draft.setPositions.filter { $0.kind == kind }.map(\.name)
        let close = closest(to: name, among: names)
        return "\(kind) '\(name)' not defined" + (close.map { "; did you mean \"\($0)\"?" } ?? "")
    }
}
