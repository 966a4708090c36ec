import Addressing

/// What is measured; `../shared/spec/performance.md` says what each one is.
enum Scenario: String, CaseIterable {
    case oneSender = "S1"
    case oneReceiver = "S2"
    case eightSenders = "S3"
    case start = "S6"
    case flapping = "S9"
    case routeServer = "S10"

    /// What happens, in words.
    func words(_ count: Int) -> String {
        switch self {
        case .oneSender: "one neighbor sends \(count) prefixes; it drops (S5)"
        case .oneReceiver: "one neighbor sends \(count) prefixes, another is sent them"
        case .eightSenders: "eight neighbors each send \(count), other paths; one drops (S5)"
        case .start: "start, no neighbor connected"
        case .flapping:
            "\(count / 10) of \(count) prefixes flap at 10,000 a second for "
                + "\(FlapPlan.seconds) s, two receivers"
        case .routeServer:
            "route server: \(RouteServerPlan.clientCount) clients announce \(count / 10) in all, "
                + "each gets all others'; a community added to all that is sent"
        }
    }

    /// What is measured in it one after the other: each part's scenario and its words.
    var parts: [(name: String, words: String)] {
        switch self {
        case .oneSender: [("S1", "load"), ("S5", "the neighbor drops")]
        case .oneReceiver: [("S2", "load and export")]
        case .eightSenders: [("S3", "load"), ("S5", "one of eight drops")]
        case .start: [("S6", "start to listening")]
        case .flapping: [("S9", "a minute of flapping")]
        case .routeServer: [("S10", "cold start"), ("S10", "reload")]
        }
    }

    /// How many neighbors send the table.
    var senders: Int {
        switch self {
        case .start: 0
        case .oneSender, .oneReceiver, .flapping: 1
        case .eightSenders: 8
        case .routeServer: RouteServerPlan.clientCount
        }
    }

    /// How many more neighbors are sent everything.
    var receivers: Int {
        switch self {
        case .oneSender, .eightSenders, .routeServer: 0
        case .oneReceiver: 1
        case .flapping: 2
        case .start: 1
        }
    }

    /// Seconds after which a part of it is given up.
    var limit: Double {
        switch self {
        case .start: 10
        case .oneSender: 90
        case .oneReceiver: 180
        case .eightSenders, .flapping, .routeServer: 240
        }
    }

    /// The neighbors that the daemon is configured with.
    var neighbors: [BenchNeighbor] { (0..<senders + receivers).map(BenchNeighbor.init) }

    /// True where routes go out.
    var isExporting: Bool { receivers > 0 || self == .routeServer }
}

/// A neighbor of the daemon; receivers have the numbers after the last sender.
struct BenchNeighbor {
    var number: Int

    /// The daemon's address.
    static let daemon = IPAddress(ipv4: 0x0A63_00FE)
    static let daemonAS: UInt32 = 65001

    var address: IPAddress { IPAddress(ipv4: 0x0A63_0001 + UInt32(number)) }
    var autonomousSystem: UInt32 { 65002 + UInt32(number) }
}

/// The numbers of S9.
enum FlapPlan {
    /// The hold time of its sessions.
    static let holdTime = 9
    static let seconds = 60
    /// Every tenth of a second so many prefixes are withdrawn or announced.
    static let prefixesATick = 1000
}

/// The numbers of S10.
enum RouteServerPlan {
    static let clientCount = 200
    /// The community that the reload adds, 65001:777.
    static let community: UInt32 = 65001 << 16 | 777
}
