import Addressing
import BGPWire
import Tables

/// The table that is sent: distinct IPv4 prefixes in groups that share their attributes, from a seed.
///
/// Prefixes and their groups come from one generator and attributes from another, so that several
/// senders announce the same prefixes with other paths.
struct SentTable {
    private var prefixes: SplitMix64
    private var paths: SplitMix64
    private var known: Set<UInt64> = []
    /// The prefixes of the last ``updates(_:from:nextHop:)``.
    private(set) var latest: [IPPrefix] = []

    /// The table of the sender with that number.
    init(seed: UInt64, sender: Int) {
        prefixes = SplitMix64(seed: seed)
        paths = SplitMix64(seed: seed &+ UInt64(sender + 1) << 32)
    }

    /// UPDATEs that announce the next `count` prefixes: one message an attribute set, 1 to 9 prefixes each.
    mutating func updates(_ count: Int, from neighborAS: UInt32, nextHop: IPAddress) -> [UInt8] {
        var output: [UInt8] = []
        var builder = UpdateBuilder()
        latest = []
        latest.reserveCapacity(count)
        while latest.count < count {
            let attributes = attributes(neighborAS, nextHop)
            guard
                builder.begin(
                    attributes: attributes.span,
                    family: .ipv4,
                    fourOctetAS: true,
                    markPartial: false,
                    maximumLength: MessageFraming.standardMaximum
                )
            else { continue }
            var left = min(
                1 + Int(prefixes.next(5)) + Int(prefixes.next(5)),
                count - latest.count
            )
            while left > 0 {
                let length = prefixLength()
                let bits = UInt32(truncatingIfNeeded: 0x0100_0000 + prefixes.next(0xDEFF_FFFF))
                // BIRD refuses loopback prefixes.
                guard bits >> 24 != 127 else { continue }
                let prefix = IPPrefix(ipv4: bits, length: length)
                guard known.insert(prefix.high | UInt64(length)).inserted else { continue }
                latest.append(prefix)
                builder.append(prefix, to: &output)
                left -= 1
            }
            builder.finish(to: &output)
        }
        return output
    }

    /// UPDATEs that withdraw prefixes.
    static func withdrawals(_ prefixes: [IPPrefix]) -> [UInt8] {
        var output: [UInt8] = []
        var builder = UpdateBuilder()
        builder.beginWithdrawal(family: .ipv4, maximumLength: MessageFraming.standardMaximum)
        for prefix in prefixes { builder.append(prefix, to: &output) }
        builder.finish(to: &output)
        return output
    }

    /// 60 % /24; of the rest most are /22, /23 and /20.
    private mutating func prefixLength() -> UInt8 {
        let draw = prefixes.next(100)
        switch draw {
        case 0..<60: return 24
        case 60..<73: return 22
        case 73..<85: return 23
        case 85..<92: return 20
        default: return UInt8(16 + prefixes.next(7))
        }
    }

    private mutating func attributes(_ neighborAS: UInt32, _ nextHop: IPAddress) -> [UInt8] {
        var bytes: [UInt8] = [0x40, 1, 1, paths.next(10) == 0 ? 2 : 0]
        let pathLength = 3 + Int(paths.next(4))
        bytes += [0x40, 2, UInt8(2 + 4 * pathLength), 2, UInt8(pathLength)]
        append(neighborAS, to: &bytes)
        for _ in 1..<pathLength { append(UInt32(100_000 + paths.next(300_000)), to: &bytes) }
        bytes += [0x40, 3, 4] + nextHop.bytes
        if paths.next(3) == 0 {
            bytes += [0x80, 4, 4]
            append(UInt32(paths.next(1000)), to: &bytes)
        }
        let communities = paths.next(5)
        if communities > 0 {
            bytes += [0xC0, 8, UInt8(4 * communities)]
            for _ in 0..<communities {
                append(UInt32(neighborAS << 16 | UInt32(paths.next(5000))), to: &bytes)
            }
        }
        if paths.next(10) == 0 {
            let large = 1 + paths.next(3)
            bytes += [0xC0, 32, UInt8(12 * large)]
            for _ in 0..<(3 * large) { append(UInt32(paths.next(100_000)), to: &bytes) }
        }
        return bytes
    }

    private func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

extension SplitMix64 {
    /// A number below the bound.
    fileprivate mutating func next(_ bound: UInt64) -> UInt64 { next() % bound }
}
