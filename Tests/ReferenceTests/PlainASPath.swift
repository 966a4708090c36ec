/// An AS_PATH as a list, each element of which counts one (RFC 4271 §9.1.2.2): an AS, or an AS_SET.
struct PlainASPath: Hashable {
    enum Element: Hashable {
        case one(UInt32)
        case set(Set<UInt32>)
    }

    var elements: [Element] = []

    init(_ numbers: [UInt32] = []) { elements = numbers.map { .one($0) } }

    var length: Int { elements.count }

    /// The leftmost AS; nil for an empty path or one that begins with an AS_SET.
    var first: UInt32? {
        guard case .one(let number) = elements.first else { return nil }
        return number
    }

    /// The last AS that is in no AS_SET.
    var last: UInt32? {
        for case .one(let number) in elements.reversed() { return number }
        return nil
    }

    var numbers: [UInt32] {
        elements.flatMap { element in
            switch element {
            case .one(let number): [number]
            case .set(let numbers): numbers.sorted()
            }
        }
    }

    var hasSet: Bool {
        elements.contains { element in
            if case .set = element { true } else { false }
        }
    }

    func prepended(_ number: UInt32, times count: Int = 1) -> PlainASPath {
        var path = self
        path.elements.insert(contentsOf: [Element](repeating: .one(number), count: count), at: 0)
        return path
    }

    // MARK: On the wire (RFC 4271 §4.3)

    /// The segments; a number that does not fit two octets is 23456 there (RFC 6793 §4.2.2).
    func encoded(fourOctetAS: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        var sequence: [UInt32] = []
        func end(_ type: UInt8, _ numbers: [UInt32]) {
            if numbers.isEmpty { return }
            bytes += [type, UInt8(numbers.count)]
            for number in numbers {
                bytes +=
                    fourOctetAS
                    ? PlainAttributes.octets(number)
                    : Array(PlainAttributes.octets(number > 65535 ? 23456 : number)[2...])
            }
        }
        for element in elements {
            switch element {
            case .one(let number): sequence.append(number)
            case .set(let numbers):
                end(2, sequence)
                sequence = []
                end(1, numbers.sorted())
            }
        }
        end(2, sequence)
        return bytes
    }

    init(octets: ArraySlice<UInt8>, fourOctetAS: Bool) {
        let width = fourOctetAS ? 4 : 2
        var rest = octets
        while rest.count >= 2 {
            let head = Array(rest.prefix(2))
            let length = Int(head[1]) * width
            let numbers = PlainAttributes.numbers(rest.dropFirst(2).prefix(length), width: width)
            elements += head[0] == 1 ? [.set(Set(numbers))] : numbers.map { .one($0) }
            rest = rest.dropFirst(2 + length)
        }
    }
}

extension PlainASPath: CustomStringConvertible {
    var description: String {
        let words = elements.map { element in
            switch element {
            case .one(let number): "\(number)"
            case .set(let numbers): "{\(numbers.sorted().map { "\($0)" }.joined(separator: " "))}"
            }
        }
        return "[\(words.joined(separator: " "))]"
    }
}
