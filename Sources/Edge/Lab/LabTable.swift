import Addressing

/// A route of the lab's table: who originates which prefix.
struct LabRoute: Equatable {
    var prefix: IPPrefix
    var origin: UInt32
}

/// A ROA over routes of the lab's table.
struct LabROA: Equatable {
    var prefix: IPPrefix
    var maximumLength: UInt8
    var origin: UInt32
}

/// The table that r3's upstream announces, and the ROAs for a part of it.
enum LabTable {
    /// The routes, IPv4 first, in the order of their prefixes.
    static var routes: [LabRoute] {
        routes(.ipv4, PackedTable.ipv4Routes) + routes(.ipv6, PackedTable.ipv6Routes)
    }

    /// The ROAs, IPv4 first, in the order of their prefixes.
    static var roas: [LabROA] {
        roas(.ipv4, PackedTable.ipv4ROAs) + roas(.ipv6, PackedTable.ipv6ROAs)
    }

    /// The ROAs as rpki-client writes them for OpenBGPD, those of the lab's own networks in front.
    static var roaSet: String {
        var text = """
            # As written by rpki-client: ROAs of 2015 over the lab's table, and the lab's own.
            roa-set {
            \t192.0.2.0/24 source-as 65001
            \t198.51.100.0/24 source-as 65002
            \t203.0.113.0/24 source-as 65001
            \t2001:db8:1::/48 source-as 65001
            \t2001:db8:2::/48 source-as 65002

            """
        for roa in roas {
            text += "\t\(roa.prefix)"
            if roa.maximumLength > roa.prefix.length { text += " maxlen \(roa.maximumLength)" }
            text += " source-as \(roa.origin)\n"
        }
        return text + "}\n"
    }

    private static func routes(_ family: AddressFamily, _ text: String) -> [LabRoute] {
        var reader = PackedReader(text, family)
        var routes: [LabRoute] = []
        while let prefix = reader.prefix() {
            routes.append(LabRoute(prefix: prefix, origin: UInt32(reader.number())))
        }
        return routes
    }

    private static func roas(_ family: AddressFamily, _ text: String) -> [LabROA] {
        var reader = PackedReader(text, family)
        var roas: [LabROA] = []
        while let prefix = reader.prefix() {
            let maximum = UInt8(reader.number())
            roas.append(
                LabROA(
                    prefix: prefix,
                    maximumLength: maximum,
                    origin: UInt32(reader.number())
                )
            )
        }
        return roas
    }
}

/// Reads what script/lab-table wrote: numbers in groups of seven bits, the lowest first, as base64.
private struct PackedReader {
    private let bytes: [UInt8]
    private let family: AddressFamily
    private var offset = 0
    /// The kept leading bits of the last prefix's address.
    private var last: UInt64 = 0

    init(_ text: String, _ family: AddressFamily) {
        bytes = Self.base64(text)
        self.family = family
    }

    /// The next prefix, nil at the end: its length, and how far it stands from the one before.
    mutating func prefix() -> IPPrefix? {
        guard offset < bytes.count else { return nil }
        let length = bytes[offset]
        offset += 1
        last += number()
        let keptBits: UInt64 = family == .ipv4 ? 24 : 48
        let address = IPAddress(family: family, high: last << (64 - keptBits), low: 0)
        return IPPrefix(address, length: length)
    }

    mutating func number() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { break }
            shift += 7
        }
        return value
    }

    private static func base64(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            bits = bits << 6 | UInt32(value(of: character))
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt8 {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        default: 63
        }
    }
}
