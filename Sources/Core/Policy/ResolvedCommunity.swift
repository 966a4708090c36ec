import Addressing
import Attributes

/// A community pattern with all names filled in: a value and the bits in which it counts.
enum ResolvedCommunity: Equatable, Sendable {
    case standard(UInt32, mask: UInt32)
    case large(LargeCommunity, mask: LargeCommunity)
    case extended(UInt64, mask: UInt64)
}

extension CommunityPattern {
    /// What the pattern stands for between these two ASes; empty where it can stand for nothing.
    ///
    /// That is so where an AS number above 65535 is to stand in 16 bits. An extended community whose
    /// value is `*` stands for one pattern a type.
    func resolved(neighborAS: ASNumber?, localAS: ASNumber) -> [ResolvedCommunity] {
        func number(_ part: CommunityPart, _ bits: UInt64) -> (value: UInt64, mask: UInt64)? {
            let limit: UInt64 = bits == 16 ? 0xFFFF : 0xFFFF_FFFF
            let value: UInt64
            switch part {
            case .any: return (0, 0)
            case .value(let number): value = UInt64(number)
            case .localAS: value = UInt64(localAS.value)
            case .neighborAS:
                guard let neighborAS else { return nil }
                value = UInt64(neighborAS.value)
            }
            return value <= limit ? (value, limit) : nil
        }
        switch self {
        case .standard(let first, let second):
            guard let high = number(first, 16), let low = number(second, 16) else { return [] }
            return [
                .standard(
                    UInt32(high.value << 16 | low.value),
                    mask: UInt32(high.mask << 16 | low.mask)
                )
            ]
        case .large(let first, let second, let third):
            guard let one = number(first, 32), let two = number(second, 32),
                let three = number(third, 32)
            else { return [] }
            return [
                .large(
                    LargeCommunity(UInt32(one.value), UInt32(two.value), UInt32(three.value)),
                    mask: LargeCommunity(UInt32(one.mask), UInt32(two.mask), UInt32(three.mask))
                )
            ]
        case .extended(let pattern):
            return pattern.resolved(number)
        }
    }
}

extension ExtendedCommunityPattern {
    typealias Resolver = (CommunityPart, UInt64) -> (value: UInt64, mask: UInt64)?

    fileprivate func resolved(_ number: Resolver) -> [ResolvedCommunity] {
        guard let subtype else { return [.extended(0, mask: 0)] }
        func pattern(_ form: UInt8, _ value: UInt64, _ mask: UInt64) -> [ResolvedCommunity] {
            guard
                let type = subtype.types.first(where: { $0 & 0x0F == form }) ?? subtype.types.first
            else { return [] }
            let head = UInt64(type) << 56 | UInt64(subtype.octet) << 48
            return [.extended(head | value, mask: 0xFFFF << 48 | mask)]
        }
        func fourOctet(_ number: Resolver, _ system: CommunityPart, _ local: CommunityPart)
            -> [ResolvedCommunity]
        {
            guard let high = number(system, 32), let low = number(local, 16) else { return [] }
            return pattern(2, high.value << 16 | low.value, high.mask << 16 | low.mask)
        }
        switch value {
        case .any:
            return subtype.types.map {
                .extended(UInt64($0) << 56 | UInt64(subtype.octet) << 48, mask: 0xFFFF << 48)
            }
        case .twoOctetAS(let system, let local):
            guard let high = number(system, 16) else { return fourOctet(number, system, local) }
            guard let low = number(local, 32) else { return [] }
            return pattern(0, high.value << 32 | low.value, high.mask << 32 | low.mask)
        case .fourOctetAS(let system, let local):
            return fourOctet(number, system, local)
        case .address(let address, let local):
            guard let low = number(local, 16) else { return [] }
            return pattern(
                1,
                UInt64(address.ipv4Bits) << 16 | low.value,
                0xFFFF_FFFF << 16 | low.mask
            )
        case .opaque(let number):
            guard let type = subtype.types.first else { return [] }
            let head = UInt64(type) << 56 | UInt64(subtype.octet) << 48
            return [.extended(head | number, mask: .max)]
        }
    }
}
