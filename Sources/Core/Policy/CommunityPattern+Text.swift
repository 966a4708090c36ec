import Addressing

extension CommunityPart: CustomStringConvertible {
    package var description: String {
        switch self {
        case .value(let number): "\(number)"
        case .any: "*"
        case .neighborAS: "neighbor-as"
        case .localAS: "local-as"
        }
    }
}

extension CommunityPattern {
    /// The well-known communities by the name that the language knows them by, upper case.
    package static let wellKnown: [(name: String, value: CommunityPattern)] = [
        ("GRACEFUL_SHUTDOWN", .standard(.value(65535), .value(0))),
        ("BLACKHOLE", .standard(.value(65535), .value(666))),
        ("NO_EXPORT", .standard(.value(65535), .value(65281))),
        ("NO_ADVERTISE", .standard(.value(65535), .value(65282))),
        ("NO_EXPORT_SUBCONFED", .standard(.value(65535), .value(65283))),
        ("NO_PEER", .standard(.value(65535), .value(65284))),
    ]

    /// The word of the language that says the kind.
    package var keyword: String {
        switch self {
        case .standard: "community"
        case .large: "large-community"
        case .extended: "ext-community"
        }
    }

    /// The value as it is printed after the word.
    package var valueText: String {
        switch self {
        case .standard(let first, let second):
            Self.wellKnown.first { $0.value == self }?.name ?? "\(first):\(second)"
        case .large(let first, let second, let third): "\(first):\(second):\(third)"
        case .extended(let pattern): pattern.description
        }
    }

    /// True where the pattern names one community once the ASes are known: no `*` in it.
    package var isComplete: Bool {
        switch self {
        case .standard(let first, let second): first != .any && second != .any
        case .large(let first, let second, let third):
            first != .any && second != .any && third != .any
        case .extended(let pattern):
            switch pattern.value {
            case .any: false
            case .twoOctetAS(let system, let number), .fourOctetAS(let system, let number):
                system != .any && number != .any
            case .address(_, let number): number != .any
            case .opaque: true
            }
        }
    }
}

extension ExtendedCommunityPattern: CustomStringConvertible {
    /// `rt 65001:7`, `soo *`, `ovs valid`, `* *`.
    package var description: String {
        guard let subtype else { return "* *" }
        return "\(subtype.rawValue) \(valueText(of: subtype))"
    }

    private func valueText(of subtype: ExtendedSubtype) -> String {
        switch value {
        case .any: return "*"
        case .twoOctetAS(let system, let number): return "\(system):\(number)"
        case .fourOctetAS(.value(let system), let number):
            return system > 0xFFFF ? "\(system):\(number)" : "0.\(system):\(number)"
        case .fourOctetAS(let system, let number): return "\(system):\(number)"
        case .address(let address, let number): return "\(address):\(number)"
        case .opaque(let number):
            guard subtype == .ovs else { return "\(number)" }
            return switch number {
            case 0: "valid"
            case 1: "not-found"
            case 2: "invalid"
            default: "\(number)"
            }
        }
    }
}
