import Addressing

/// What is measured.
struct Scenario {
    /// S1, S2 or S3.
    var name: String
    /// What happens, in words.
    var words: String
    /// How many neighbors send the table.
    var senders: Int
    /// True where one more neighbor is sent everything.
    var hasReceiver: Bool

    static let all = [
        Scenario(
            name: "S1",
            words: "one neighbor sends",
            senders: 1,
            hasReceiver: false
        ),
        Scenario(
            name: "S2",
            words: "one neighbor sends, and another one is sent,",
            senders: 1,
            hasReceiver: true
        ),
        Scenario(
            name: "S3",
            words: "eight neighbors send, each with other paths,",
            senders: 8,
            hasReceiver: false
        ),
    ]

    /// The neighbors that the daemon is configured with.
    var neighbors: [BenchNeighbor] {
        (0..<senders + (hasReceiver ? 1 : 0)).map(BenchNeighbor.init)
    }
}

/// A neighbor of the daemon; the receiver has the number after the last sender.
struct BenchNeighbor {
    var number: Int

    /// The daemon's address.
    static let daemon = IPAddress(ipv4: 0x0A63_00FE)

    var address: IPAddress { IPAddress(ipv4: 0x0A63_0001 + UInt32(number)) }
    var autonomousSystem: UInt32 { 65002 + UInt32(number) }
}
