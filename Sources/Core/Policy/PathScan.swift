import Addressing

/// Questions to an AS_PATH in place: segments of a type, a count and numbers of four octets.
struct PathScan {
    private static let set: UInt8 = 1
    private static let sequence: UInt8 = 2

    /// Where the value of AS_PATH stands in the attribute bytes.
    let path: Range<Int>

    /// Visits every segment until `visit` answers false: its type and where its numbers stand.
    @inline(__always)
    private func forEachSegment(in bytes: Span<UInt8>, _ visit: (UInt8, Range<Int>) -> Bool) {
        var offset = path.lowerBound
        while offset + 2 <= path.upperBound {
            let start = offset + 2
            let end = min(start + 4 * Int(bytes[offset + 1]), path.upperBound)
            if !visit(bytes[offset], start..<end) { return }
            offset = end
        }
    }

    /// Visits every number from left to right until `visit` answers false.
    @inline(__always)
    private func forEachNumber(in bytes: Span<UInt8>, _ visit: (UInt32) -> Bool) {
        forEachSegment(in: bytes) { _, numbers in
            var offset = numbers.lowerBound
            while offset + 4 <= numbers.upperBound {
                if !visit(bytes.number(at: offset)) { return false }
                offset += 4
            }
            return true
        }
    }

    /// The leftmost number; nil where the path is empty or begins with an AS_SET.
    func first(in bytes: Span<UInt8>) -> UInt32? {
        var found: UInt32?
        forEachSegment(in: bytes) { type, numbers in
            if type == Self.sequence, !numbers.isEmpty {
                found = bytes.number(at: numbers.lowerBound)
            }
            return false
        }
        return found
    }

    /// The last number of the last AS_SEQUENCE, sets passed over; 0 where there are only sets; nil if empty.
    func source(in bytes: Span<UInt8>) -> UInt32? {
        guard !path.isEmpty else { return nil }
        var found: UInt32 = 0
        forEachSegment(in: bytes) { type, numbers in
            if type == Self.sequence, !numbers.isEmpty {
                found = bytes.number(at: numbers.upperBound - 4)
            }
            return true
        }
        return found
    }

    /// True where some number fits; without the last one for transit.
    @inline(__always)
    func containsNumber(
        in bytes: Span<UInt8>,
        withoutLast: Bool,
        where fits: (UInt32) -> Bool
    ) -> Bool {
        var held: UInt32?
        var found = false
        forEachNumber(in: bytes) { number in
            if !withoutLast {
                found = fits(number)
            } else if let before = held {
                found = fits(before)
            }
            held = number
            return !found
        }
        return found
    }

    /// How many ASes there are, an AS_SET counting as one and confederation segments as none.
    func length(in bytes: Span<UInt8>) -> Int {
        var count = 0
        forEachSegment(in: bytes) { type, numbers in
            switch type {
            case Self.set: count += 1
            case Self.sequence: count += numbers.count / 4
            default: break
            }
            return true
        }
        return count
    }

    /// The longest run of one number, also across segments.
    func longestRun(in bytes: Span<UInt8>) -> Int {
        var longest = 0
        var run = 0
        var last: UInt32?
        forEachNumber(in: bytes) { number in
            run = number == last ? run + 1 : 1
            last = number
            longest = max(longest, run)
            return true
        }
        return longest
    }

    /// True where the path ends in an AS_SET.
    func endsInSet(in bytes: Span<UInt8>) -> Bool {
        var last: UInt8 = 0
        forEachSegment(in: bytes) { type, _ in
            last = type
            return true
        }
        return last == Self.set
    }

    /// All numbers from left to right.
    func numbers(in bytes: Span<UInt8>) -> [UInt32] {
        var found: [UInt32] = []
        forEachNumber(in: bytes) { number in
            found.append(number)
            return true
        }
        return found
    }
}
