import Addressing

/// What a neighbor of the soak is for.
enum SoakRole: String, CaseIterable {
    /// Well-behaved neighbors: a few hundred routes each, and sent those of all others.
    case crowd
    /// A well-behaved neighbor with a TCP MD5 key.
    case secured
    /// Neighbors behind links of their own, which are killed and revived.
    case flaky
    /// Reads one octet a second.
    case slow
    /// Sends a large table, again whenever it is asked.
    case table
    /// Is sent everything.
    case sink
    /// Are sent everything, by output policies of their own.
    case receiver
    /// Is sent nothing but KEEPALIVEs.
    case idle
    /// Configured; what comes from these addresses connects and never finishes its OPEN.
    case silent

    var count: Int {
        switch self {
        case .crowd: 200
        case .flaky: 10
        case .receiver: 2
        case .silent: 1000
        case .secured, .slow, .table, .sink, .idle: 1
        }
    }

    /// How many routes each sends at first; the table's is the soak's argument.
    var routeCount: Int {
        switch self {
        case .crowd, .secured: 200
        case .flaky: 100
        case .slow, .table, .sink, .receiver, .idle, .silent: 0
        }
    }

    /// Sessions that nothing of what happens may cost.
    var isWellBehaved: Bool {
        switch self {
        case .crowd, .secured, .table, .sink, .receiver, .idle: true
        case .flaky, .slow, .silent: false
        }
    }

    /// The roles that a process of its own plays.
    static let players: [SoakRole] = [
        .crowd, .secured, .flaky, .slow, .table, .sink, .receiver, .idle,
    ]
}

/// One neighbor of the soak.
struct SoakNeighbor {
    var role: SoakRole
    var number: Int

    static func all(_ role: SoakRole) -> [SoakNeighbor] {
        (0..<role.count).map { SoakNeighbor(role: role, number: $0) }
    }

    /// The daemon's addresses: towards all neighbors, and towards the flaky ones.
    static let daemon = IPAddress(ipv4: 0x0A63_00FE)
    static let flakyDaemon = IPAddress(ipv4: 0x0A62_00FE)
    /// Addresses that no neighbor is configured with: 10.96.0.0/16.
    static func stranger(_ number: Int) -> IPAddress {
        IPAddress(ipv4: 0x0A60_0000 + UInt32(number & 0xFFFF))
    }

    static let key = Array("soak".utf8)
    static let autonomousSystem: UInt32 = 65001

    var address: IPAddress {
        let number = UInt32(number)
        return switch role {
        case .crowd: IPAddress(ipv4: 0x0A63_0001 + number)
        case .secured: IPAddress(ipv4: 0x0A63_00D2)
        case .slow: IPAddress(ipv4: 0x0A63_00D3)
        case .table: IPAddress(ipv4: 0x0A63_00D4)
        case .sink: IPAddress(ipv4: 0x0A63_00D5)
        case .receiver: IPAddress(ipv4: 0x0A63_00D6 + number)
        case .idle: IPAddress(ipv4: 0x0A63_00D8)
        case .flaky: IPAddress(ipv4: 0x0A62_0001 + number)
        case .silent: IPAddress(ipv4: 0x0A61_0001 + number)
        }
    }

    var daemon: IPAddress { role == .flaky ? Self.flakyDaemon : Self.daemon }

    var autonomousSystem: UInt32 {
        let number = UInt32(number)
        return switch role {
        case .crowd: 64600 + number
        case .flaky: 64900 + number
        case .secured: 64920
        case .slow: 64921
        case .table: 64922
        case .sink: 64923
        case .silent: 64924
        case .receiver: 64925 + number
        case .idle: 64927
        }
    }

    /// Seconds: 9 for most, 3 for every fourth and where much is sent.
    var holdTime: UInt16 {
        switch role {
        case .crowd, .flaky: number % 4 == 0 ? 3 : 9
        case .table, .sink, .receiver, .idle, .secured: 3
        case .slow, .silent: 90
        }
    }

    /// The prefixes that it announces; longer than any of the large table's.
    func prefix(_ route: Int) -> IPPrefix {
        let block: UInt32 =
            switch role {
            case .crowd: 0x1E00_0000
            case .flaky: 0x1F00_0000
            case .secured, .slow, .table, .sink, .receiver, .idle, .silent: 0x2000_0000
            }
        return IPPrefix(ipv4: block | UInt32(number) << 16 | UInt32(route) << 8, length: 25)
    }
}
