/// What a speaker is to its neighbor (RFC 9234 §3.2); the raw value is that of the capability.
package enum BGPRole: UInt8, CaseIterable, Sendable {
    case provider = 0
    case routeServer = 1
    case routeServerClient = 2
    case customer = 3
    case peer = 4

    /// The word of the configuration language and of `show`.
    package var word: String {
        switch self {
        case .provider: "provider"
        case .routeServer: "rs"
        case .routeServerClient: "rs-client"
        case .customer: "customer"
        case .peer: "peer"
        }
    }

    /// The word for a role octet, also one that has no meaning.
    package static func word(of octet: UInt8) -> String {
        BGPRole(rawValue: octet)?.word ?? "unknown \(octet)"
    }

    /// What the neighbor must be (RFC 9234 table 2).
    package var counterpart: BGPRole {
        switch self {
        case .provider: .customer
        case .routeServer: .routeServerClient
        case .routeServerClient: .routeServer
        case .customer: .provider
        case .peer: .peer
        }
    }

    /// True where the neighbor's routes may go on to our customers only: OTC is added to them (RFC 9234 §5).
    package var marksReceived: Bool {
        switch self {
        case .customer, .routeServerClient, .peer: true
        case .provider, .routeServer: false
        }
    }

    /// True where the neighbor may pass our routes to its customers only: OTC is added to what it is sent.
    package var marksSent: Bool {
        switch self {
        case .provider, .routeServer, .peer: true
        case .customer, .routeServerClient: false
        }
    }

    /// True where a route that carries OTC is not sent to the neighbor.
    package var keepsMarkedBack: Bool {
        switch self {
        case .customer, .routeServerClient, .peer: true
        case .provider, .routeServer: false
        }
    }

    /// True where a received OTC attribute with that AS says that the neighbor leaks the route.
    package func isLeak(otc number: UInt32, from neighborAS: UInt32) -> Bool {
        switch self {
        case .provider, .routeServer: true
        case .peer: number != neighborAS
        case .customer, .routeServerClient: false
        }
    }
}
