import Addressing
import Policy

extension Parser {
    /// `or-longer`, `maxlen N` or `prefixlen …` behind a prefix; nil where none of them is next.
    mutating func lengthOperation(_ prefix: IPPrefix) throws(Diagnostic) -> PrefixRange? {
        guard token.kind == .word else { return nil }
        switch token.text {
        case "or-longer":
            try advance()
            return .orLonger(prefix)
        case "maxlen":
            try advance()
            let (bound, place) = try lengthBound(prefix)
            return try range(prefix, prefix.length, bound, place)
        case "prefixlen":
            try advance()
            return try prefixLengths(prefix)
        default:
            return nil
        }
    }

    private mutating func prefixLengths(_ prefix: IPPrefix) throws(Diagnostic) -> PrefixRange {
        if let joined = joinedRange(), let first = Int64(joined.first),
            let last = Int64(joined.last)
        {
            let place = token.position
            try advance()
            return try range(prefix, first, last, place)
        }
        guard token.kind == .symbol else {
            guard case .number(let first) = token.kind else {
                throw unexpected(["=", "!=", "<", "<=", ">", ">=", "a range A - B"])
            }
            return try lengthRange(prefix, from: first)
        }
        let operation = token.text
        guard ["=", "!=", "<", "<=", ">", ">="].contains(operation) else {
            throw unexpected(["=", "!=", "<", "<=", ">", ">=", "a range A - B"])
        }
        try advance()
        let (bound, place) = try lengthBound(prefix)
        let own = Int64(prefix.length)
        let bits = Int64(prefix.family.bitCount)
        switch operation {
        case "=": return try range(prefix, bound, bound, place)
        case "!=": return try range(prefix, bound, bound, place, isOutside: true)
        case "<": return try range(prefix, own, bound - 1, place)
        case "<=": return try range(prefix, own, bound, place)
        case ">": return try range(prefix, bound + 1, bits, place)
        default: return try range(prefix, bound, bits, place)
        }
    }

    private mutating func lengthRange(
        _ prefix: IPPrefix,
        from first: Int64
    ) throws(Diagnostic) -> PrefixRange {
        let place = token.position
        try advance()
        // `8 -12`: the blank makes the second number a negative one.
        if case .number(let negative) = token.kind, negative < 0 {
            try advance()
            return try range(prefix, first, -negative, place)
        }
        let isOutside = token.isSymbol("><")
        guard isOutside || token.isSymbol("-") else { throw unexpected(["-", "><"]) }
        try advance()
        let (last, _) = try lengthBound(prefix)
        return try range(prefix, first, last, place, isOutside: isOutside)
    }

    private mutating func lengthBound(_ prefix: IPPrefix) throws(Diagnostic) -> (Int64, Position) {
        guard case .number(let value) = token.kind else { throw unexpected(["a prefix length"]) }
        let place = token.position
        try advance()
        return (value, place)
    }

    private func range(
        _ prefix: IPPrefix,
        _ first: some BinaryInteger,
        _ last: Int64,
        _ place: Position,
        isOutside: Bool = false
    ) throws(Diagnostic) -> PrefixRange {
        let own = Int64(prefix.length)
        let bits = Int64(prefix.family.bitCount)
        let first = Int64(first)
        for bound in [first, last] where bound > bits {
            throw lexer.fault(place, "prefixlen \(bound) too big, limit \(bits)")
        }
        if last < own { throw lexer.fault(place, "prefixlen \(own) too big, limit \(last)") }
        if first < own {
            throw lexer.fault(place, "prefixlen \(first) smaller than prefix, limit \(own)")
        }
        if first > last { throw lexer.fault(place, "start prefixlen is bigger than end") }
        return PrefixRange(
            prefix,
            shortest: UInt8(first),
            longest: UInt8(last),
            isOutside: isOutside
        )
    }
}
