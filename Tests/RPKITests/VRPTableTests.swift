import Addressing
import Foundation
import RPKI
import Testing

struct VRPTableTests {
    private static func prefix(_ text: String) throws -> IPPrefix {
        try #require(IPPrefix(text: text))
    }

    private static func table() throws -> VRPTable {
        VRPTable([
            VRP(prefix: try prefix("10.0.0.0/8"), maxLength: 16, origin: ASNumber(65001)),
            VRP(prefix: try prefix("10.1.0.0/16"), origin: ASNumber(65002)),
            VRP(prefix: try prefix("10.1.0.0/16"), maxLength: 24, origin: ASNumber(65003)),
            VRP(prefix: try prefix("192.0.2.0/24"), origin: ASNumber(0)),
            VRP(prefix: try prefix("2001:db8::/32"), maxLength: 48, origin: ASNumber(65001)),
        ])
    }

    @Test(arguments: [
        ("10.0.0.0/8", 65001, OriginValidity.valid),
        ("10.200.0.0/16", 65001, .valid),
        ("10.200.0.0/17", 65001, .invalid),
        ("10.1.0.0/16", 65002, .valid),
        ("10.1.0.0/16", 65001, .valid),
        ("10.1.1.0/24", 65003, .valid),
        ("10.1.1.0/24", 65002, .invalid),
        ("10.1.1.0/25", 65003, .invalid),
        ("11.0.0.0/8", 65001, .notFound),
        ("0.0.0.0/0", 65001, .notFound),
        ("8.0.0.0/6", 65001, .notFound),
        ("192.0.2.0/24", 0, .invalid),
        ("192.0.2.0/24", 65001, .invalid),
        ("2001:db8:1::/48", 65001, .valid),
        ("2001:db8:1::/49", 65001, .invalid),
        ("2001:db9::/32", 65001, .notFound),
        ("::/0", 65001, .notFound),
    ])
    func `a route is valid where one covering payload fits, invalid where none does`(
        prefix: String,
        origin: UInt32,
        expected: OriginValidity
    ) throws {
        let validity = try Self.table().validity(
            of: Self.prefix(prefix),
            origin: .autonomousSystem(ASNumber(origin))
        )
        #expect(validity == expected)
    }

    @Test
    func `a path that ends in a set is never valid`() throws {
        let table = try Self.table()
        #expect(table.validity(of: try Self.prefix("10.0.0.0/8"), origin: .none) == .invalid)
        #expect(table.validity(of: try Self.prefix("11.0.0.0/8"), origin: .none) == .notFound)
    }

    @Test
    func `covering payloads come the most specific first`() throws {
        let found = try Self.table().covering(Self.prefix("10.1.1.0/24"))
        #expect(found.map(\.origin.value) == [65003, 65002, 65001])
    }

    @Test
    func `payloads that say the same are one, and the later expiry counts`() throws {
        func payload(_ expires: UInt64) throws -> VRP {
            VRP(prefix: try Self.prefix("10.0.0.0/8"), origin: ASNumber(1), expires: expires)
        }
        #expect(VRPTable([try payload(20), try payload(10)]).payloads == [try payload(20)])
        #expect(VRPTable([try payload(20), try payload(0)]).payloads == [try payload(0)])
    }

    @Test
    func `expired payloads go, and the table tells when the next one does`() throws {
        let early = VRP(prefix: try Self.prefix("10.0.0.0/8"), origin: ASNumber(1), expires: 100)
        let late = VRP(prefix: try Self.prefix("10.0.0.0/8"), origin: ASNumber(2), expires: 200)
        let forever = VRP(prefix: try Self.prefix("11.0.0.0/8"), origin: ASNumber(3))
        let table = VRPTable([late, early, forever])
        #expect(table.nextExpiry == 100)
        #expect(table.unexpired(at: 99) == table)
        #expect(table.unexpired(at: 100) == VRPTable([late, forever]))
        #expect(table.unexpired(at: 200).nextExpiry == nil)
    }

    @Test(arguments: [1 as UInt64, 2, 3])
    func `a table answers as a search through all payloads does`(seed: UInt64) throws {
        var random = Xorshift(seed)
        let payloads = (0..<6000).map { _ in
            let prefix = random.prefix()
            let longest =
                UInt8(random.below(UInt64(prefix.family.bitCount - prefix.length) + 1))
                + prefix.length
            return VRP(
                prefix: prefix,
                maxLength: longest,
                origin: ASNumber(UInt32(random.below(5)))
            )
        }
        let table = VRPTable(payloads)
        for _ in 0..<2000 {
            let prefix = random.prefix()
            let origin = ASNumber(UInt32(random.below(5)))
            let covering = payloads.filter { $0.prefix.covers(prefix) }
            let fits = covering.contains {
                $0.origin == origin && origin.value != 0 && prefix.length <= $0.maxLength
            }
            let expected: OriginValidity = covering.isEmpty ? .notFound : fits ? .valid : .invalid
            #expect(
                table.validity(of: prefix, origin: .autonomousSystem(origin)) == expected,
                "seed \(seed), \(prefix) from \(origin)"
            )
        }
    }

    @Test(.enabled(if: RealROAs.exist))
    func `real ROAs of 2015 give the states that brute force found`() throws {
        let table = VRPTable(try RealROAs.payloads())
        #expect(table.count > 15000)
        let lines = try RealROAs.lines("origin-validation.tsv").dropFirst()
        #expect(lines.count > 1000)
        for line in lines {
            let fields = line.split(separator: "\t")
            let prefix = try #require(IPPrefix(text: fields[0]))
            let origin = try #require(ASNumber(text: fields[1]))
            let validity = table.validity(of: prefix, origin: .autonomousSystem(origin))
            #expect(validity.word == fields[2], "\(line)")
        }
    }
}

/// The ROAs of ../shared/data/rpki/real-2015.
private enum RealROAs {
    static func url(_ name: String) -> URL {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        for _ in 0..<6 {
            folder.deleteLastPathComponent()
            let data = folder.appending(path: "shared/data/rpki/real-2015")
            if FileManager.default.fileExists(atPath: data.path) {
                return data.appending(path: name)
            }
        }
        return folder.appending(path: name)
    }

    static var exist: Bool {
        let found = FileManager.default.fileExists(atPath: url("roa.csv.xz").path)
        if !found { print("skipped, not on this machine: shared/data/rpki/real-2015") }
        return found
    }

    static func lines(_ name: String) throws -> [Substring] {
        var data = try Data(contentsOf: url(name))
        if name.hasSuffix(".xz") {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["xz", "-dc", url(name).path]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            data = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    static func payloads() throws -> [VRP] {
        try lines("roa.csv.xz").map { line in
            let fields = line.split(separator: ",")
            let longest = try #require(UInt8(fields[2]))
            return VRP(
                // A host route stands there without its length.
                prefix: try #require(
                    IPPrefix(text: fields[1]) ?? IPPrefix(text: fields[1] + "/32")
                ),
                maxLength: longest,
                origin: try #require(ASNumber(text: fields[0]))
            )
        }
    }
}

/// A small generator, so that a seed gives the same prefixes everywhere.
private struct Xorshift {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func below(_ bound: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state % bound
    }

    mutating func prefix() -> IPPrefix {
        let length = UInt8(below(25))
        let bits = UInt32(below(256)) << 24 | UInt32(below(4)) << 16 | UInt32(below(256)) << 8
        if below(4) == 0 {
            return IPPrefix(IPAddress(ipv6High: UInt64(bits) << 32, low: 0), length: length)
        }
        return IPPrefix(ipv4: bits, length: length)
    }
}
