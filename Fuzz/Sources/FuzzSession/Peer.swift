import Addressing
import BGPWire
import Configuration
import Control
import KernelRoutes
import Speaker

/// The neighbors: one of another AS, one of ours, and two guests that a template takes in.
enum Peer: UInt8, CaseIterable {
    case first
    case second
    case guest
    case otherGuest

    /// The neighbor behind a number; clones are never connected to.
    init(_ number: NeighborNumber) {
        self = number.value == 0 ? .first : .second
    }

    init(choice: UInt8) {
        let isGuest = choice & 0x20 != 0
        self = choice & 0x80 == 0 ? isGuest ? .guest : .first : isGuest ? .otherGuest : .second
    }

    var number: NeighborNumber { NeighborNumber(UInt32(rawValue)) }
    var autonomousSystem: ASNumber { ASNumber(self == .second ? 65000 : 65001 + UInt32(rawValue)) }

    var address: IPAddress {
        switch self {
        case .first, .second: IPAddress(ipv4: 0x0A00_0002 + UInt32(rawValue))
        case .guest, .otherGuest: IPAddress(ipv4: 0x0A00_0900 + UInt32(rawValue))
        }
    }

    var endpoint: Endpoint { Endpoint(address: address, port: 40_000) }

    /// Our end of every connection.
    static let local = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 179)

    /// The OPEN of a neighbor that wants a session.
    func open(fourOctetAS: Bool, holdTime: UInt16 = 90) -> [UInt8] {
        var capabilities = Capabilities()
        capabilities.families = [.ipv4, .ipv6]
        capabilities.routeRefresh = true
        capabilities.enhancedRouteRefresh = true
        capabilities.extendedMessage = fourOctetAS
        capabilities.fourOctetAS = fourOctetAS ? autonomousSystem : nil
        let open = OpenMessage(
            twoOctetAS: UInt16(autonomousSystem.value),
            holdTime: holdTime,
            identifier: 0x0A00_0002 + UInt32(rawValue),
            capabilities: capabilities
        )
        var bytes: [UInt8] = []
        open.encode(to: &bytes)
        return bytes
    }

    // MARK: Where it happens

    /// One that says little, one that asks of every route what can be asked, and one without half of the neighbors.
    static let configurations: [Configuration] = [
        configuration(plain), configuration(demanding + filters), configuration(filters),
    ]

    private static func configuration(_ rest: String) -> Configuration {
        let text = """
            AS 65000
            router-id 10.0.0.1
            network 10.1.0.0/16
            network 2001:db8:1::/48 set { community 65000:1 }
            roa-set { 10.2.0.0/16 maxlen 20 source-as 65001, 2001:db8::/32 source-as 7 }
            as-set customers { 65001 65010 65020 }
            prefix-set nets { 10.0.0.0/8 prefixlen 8-24, 2001:db8::/32 or-longer }
            origin-set own { 10.0.0.0/8 maxlen 16 source-as 65001 }
            neighbor 10.0.0.2 {
                remote-as 65001
                max-prefix 20 restart 1
                announce IPv4 unicast
                announce IPv6 unicast
                announce as-4byte yes
                log updates
            }
            \(rest)

            """
        let reading = Configuration.read(file: "bgpd.conf") { _ in Array(text.utf8) }
        guard let configuration = reading.configuration else {
            fatalError("\(reading.diagnostics)")
        }
        return configuration
    }

    private static let plain = """
        neighbor 10.0.0.3 {
            remote-as 65000
            max-prefix 30
            announce IPv4 unicast
            announce IPv6 unicast
            reject as-set no
        }
        neighbor 10.0.9.0/24 {
            max-prefix 10
            announce IPv4 unicast
        }
        allow from any
        allow to any

        """

    private static let demanding = """
        rde route-age evaluate
        rde med compare always
        neighbor 10.0.0.3 {
            remote-as 65000
            route-reflector
            max-prefix 30
            max-prefix 3 out
            announce IPv4 unicast
            announce IPv6 unicast
            enforce neighbor-as no
        }
        neighbor 10.0.9.0/24 {
            remote-as 65003
            max-prefix 10
            ttl-security yes
            announce IPv4 unicast
        }

        """

    private static let filters = """
        allow from any
        allow to any
        deny from any prefix 0.0.0.0/0 prefixlen >= 25
        match from ebgp prefix-set nets set { localpref +50 community 65000:7 }
        match from any peer-as as-set customers set { med 5 prepend-neighbor 2 }
        match from any origin-set own set { large-community 65000:1:neighbor-as }
        match from any ovs invalid set { weight 3 ext-community ovs invalid }
        match from any community *:666 set { nexthop blackhole community delete *:666 }
        match from any max-as-len 5 set { origin incomplete }
        match from ibgp transit-as 65010 - 65020 set { nexthop 10.0.0.3 }
        match to ebgp large-community 65000:*:* set { prepend-self 3 large-community delete 65000:*:* }
        match to any ext-community rt * set { ext-community soo 65000:1 }
        deny to any max-communities 20
        """

    // MARK: The kernel

    /// A link with our addresses on it.
    static let links: [KernelEvent] = [
        .linkChanged(
            Interface(
                index: 2,
                name: "eth0",
                flags: 0x41,
                operationalState: .up,
                mtu: 1500
            )
        ),
        .addressChanged(InterfaceAddress(interface: 2, address: local.address, prefixLength: 24)),
        .addressChanged(
            InterfaceAddress(
                interface: 2,
                address: IPAddress(ipv6High: 0x2001_0DB8_0000_0000, low: 1),
                prefixLength: 64
            )
        ),
    ]

    /// The routes that come with those addresses.
    static let connected: [KernelRoute] = [
        IPPrefix(ipv4: 0x0A00_0000, length: 24),
        IPPrefix(IPAddress(ipv6High: 0x2001_0DB8_0000_0000, low: 0), length: 64),
    ].map { prefix in
        KernelRoute(
            prefix: prefix,
            protocolNumber: 2,
            metric: 0,
            nextHopSet: NextHopSet([KernelNextHop(gateway: nil, interface: 2)])
        )
    }
}
