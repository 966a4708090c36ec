import Addressing
import Policy

extension Parser {
    /// `AS …`, `peer-as …`, `source-as …`, `transit-as …`: one condition, or several from a list.
    mutating func pathConditions() throws(Diagnostic) -> [PathCondition] {
        let positions: [(String, PathPosition)] = [
            ("AS", .any), ("peer-as", .peer), ("source-as", .source), ("transit-as", .transit),
        ]
        let position = try choice(positions)
        var found: [PathCondition] = []
        try oneOrList(of: "an AS number") { (parser: inout Parser) throws(Diagnostic) in
            found.append(PathCondition(position, try parser.asMatcher()))
        }
        return found
    }

    private mutating func asMatcher() throws(Diagnostic) -> ASMatcher {
        if try accept(symbol: "=") { return .equal(try anyAS()) }
        if try accept(symbol: "!=") { return .notEqual(try anyAS()) }
        if try accept(word: "neighbor-as") { return .neighborAS }
        if try accept(word: "local-as") { return .localAS }
        if token.isWord("as-set") {
            try advance()
            let place = token.position
            let name = try string("a set's name", max: 127)
            guard draft.configuration.filter.sets.asSet(named: name) != nil else {
                let close = closest(
                    to: name,
                    among: draft.configuration.filter.sets.asSets.map(\.name)
                )
                throw lexer.fault(
                    place,
                    "as-set \"\(name)\" not defined"
                        + (close.map { "; did you mean \"\($0)\"?" } ?? "")
                )
            }
            draft.usedSets.insert("as-set \(name)")
            return .set(name)
        }
        let place = token.position
        if let joined = joinedRange() {
            guard let first = UInt32(joined.first), let last = UInt32(joined.last) else {
                throw fault("AS too big: max 4294967295")
            }
            try advance()
            return .range(try ordered(ASNumber(first), ASNumber(last), place), ASNumber(last))
        }
        guard isAS else {
            throw unexpected(["an AS number", "=", "!=", "neighbor-as", "local-as", "as-set"])
        }
        let first = try anyAS()
        // `1 -10`: the blank makes the second number a negative one.
        if case .number(let negative) = token.kind, negative < 0,
            let last = UInt32(exactly: -negative)
        {
            try advance()
            return .range(try ordered(first, ASNumber(last), place), ASNumber(last))
        }
        if try accept(symbol: "-") {
            let last = try anyAS()
            return .range(try ordered(first, last, place), last)
        }
        if try accept(symbol: "><") {
            let last = try anyAS()
            return .outside(try ordered(first, last, place), last)
        }
        return .equal(first)
    }

    /// The first of two numbers of which the second must be greater.
    private func ordered(
        _ first: ASNumber,
        _ last: ASNumber,
        _ place: Position
    ) throws(Diagnostic) -> ASNumber {
        guard first < last else { throw lexer.fault(place, "start AS is bigger than end") }
        return first
    }
}
