/// Names a machine of a simulation, in the order of adding.
package struct MachineNumber: Hashable, Comparable, Sendable {
    package var value: Int

    package init(_ value: Int) {
        self.value = value
    }

    package static func < (left: MachineNumber, right: MachineNumber) -> Bool {
        left.value < right.value
    }
}

/// Names a link of a simulation, in the order of adding.
package struct LinkNumber: Hashable, Comparable, Sendable {
    package var value: Int

    package init(_ value: Int) {
        self.value = value
    }

    package static func < (left: LinkNumber, right: LinkNumber) -> Bool {
        left.value < right.value
    }
}

/// One of the two ends of a link or of a connection.
enum Side: Int, CaseIterable {
    /// The machine named first; of a connection the one that connects.
    case first = 0
    case second = 1

    var other: Side { self == .first ? .second : .first }
}

/// Two values, one for each side.
struct Sides<Value> {
    var first: Value
    var second: Value

    init(_ first: Value, _ second: Value) {
        self.first = first
        self.second = second
    }

    subscript(side: Side) -> Value {
        get { side == .first ? first : second }
        _modify {
            if side == .first { yield &first } else { yield &second }
        }
    }
}
