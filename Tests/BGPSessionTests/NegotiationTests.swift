import Addressing
import BGPSession
import BGPWire
import Testing
import Timekeeping

/// What an OPEN is answered with (RFC 4271 §6.2, RFC 5492, RFC 6793, RFC 6286).
@Suite struct NegotiationTests {
    /// An OPEN that is refused, and how.
    struct Refusal: CustomTestStringConvertible {
        var testDescription: String
        var configuration: SessionConfiguration
        var open: OpenMessage
        var notification: NotificationMessage
        var reason: DownReason

        init(
            _ name: String,
            ours configuration: SessionConfiguration = .ours,
            _ open: OpenMessage,
            _ notification: NotificationMessage,
            _ reason: DownReason
        ) {
            testDescription = name
            self.configuration = configuration
            self.open = open
            self.notification = notification
            self.reason = reason
        }
    }

    static let internalNeighbor = SessionConfiguration.ours.with { $0.remoteAS = ASNumber(65001) }
    static let anyNeighbor = SessionConfiguration.ours.with { $0.remoteAS = nil }

    static let refusals = [
        Refusal(
            "another AS",
            .make(65003, identifier: 2),
            NotificationMessage(code: 2, subcode: 2),
            .wrongAS(expected: ASNumber(65002), received: ASNumber(65003))
        ),
        Refusal(
            "the right AS in two octets, another in four",
            .make(65002, identifier: 2) { $0.fourOctetAS = ASNumber(70000) },
            NotificationMessage(code: 2, subcode: 2),
            .wrongAS(expected: ASNumber(65002), received: ASNumber(70000))
        ),
        Refusal(
            "AS 0 though any is taken (RFC 7607)",
            ours: anyNeighbor,
            .make(0, identifier: 2),
            NotificationMessage(code: 2, subcode: 2),
            .wrongAS(expected: ASNumber(0), received: ASNumber(0))
        ),
        Refusal(
            "AS_TRANS from a neighbor that has no more than two octets",
            ours: anyNeighbor.with { $0.fourOctetAS = .yes },
            .make(23456, identifier: 2) { $0.fourOctetAS = nil },
            NotificationMessage(code: 2, subcode: 2),
            .wrongAS(expected: ASNumber(0), received: .transition)
        ),
        Refusal(
            "hold time 2",
            .make(65002, identifier: 2, holdTime: 2),
            NotificationMessage(code: 2, subcode: 6),
            .holdTimeUnacceptable(offered: 2, minimum: 3)
        ),
        Refusal(
            "a hold time below our minimum",
            ours: .ours.with { $0.minimumHoldTime = 30 },
            .make(65002, identifier: 2, holdTime: 29),
            NotificationMessage(code: 2, subcode: 6),
            .holdTimeUnacceptable(offered: 29, minimum: 30)
        ),
        Refusal(
            "identifier 0",
            .make(65002, identifier: 0),
            NotificationMessage(code: 2, subcode: 3),
            .identifierUnacceptable(identifier: 0)
        ),
        Refusal(
            "our identifier within our AS",
            ours: internalNeighbor,
            .make(65001, identifier: 0x0A00_0001),
            NotificationMessage(code: 2, subcode: 3),
            .identifierUnacceptable(identifier: 0x0A00_0001)
        ),
        Refusal(
            "no four-octet AS where it is enforced",
            .make(65002, identifier: 2) { $0.fourOctetAS = nil },
            NotificationMessage(code: 2, subcode: 7, data: [65, 4, 0, 0, 0xFD, 0xE9]),
            .capabilityMissing(code: 65)
        ),
        Refusal(
            "no route refresh where it is enforced",
            ours: .ours.with { $0.routeRefresh = .enforce },
            .make(65002, identifier: 2) { $0.routeRefresh = false },
            NotificationMessage(code: 2, subcode: 7, data: [2, 0]),
            .capabilityMissing(code: 2)
        ),
        Refusal(
            "no ADD-PATH where it is enforced",
            ours: .ours.with { $0.addPathReceive = .enforce },
            .make(65002, identifier: 2) { $0.setAddPath(receive: .ipv4, send: []) },
            NotificationMessage(code: 2, subcode: 7, data: [69, 4, 0, 1, 1, 1]),
            .capabilityMissing(code: 69)
        ),
        Refusal(
            "the same role as ours (RFC 9234)",
            ours: .ours.with { $0.role = .customer },
            .make(65002, identifier: 2) { $0.role = 3 },
            NotificationMessage(code: 2, subcode: 11),
            .roleMismatch(own: .customer, theirs: [3])
        ),
        Refusal(
            "a role that nobody knows",
            ours: .ours.with { $0.role = .peer },
            .make(65002, identifier: 2) { $0.role = 5 },
            NotificationMessage(code: 2, subcode: 11),
            .roleMismatch(own: .peer, theirs: [5])
        ),
        Refusal(
            "two roles, of which one fits",
            ours: .ours.with { $0.role = .customer },
            .make(65002, identifier: 2) {
                $0.role = 0
                $0.unknown = [Capabilities.UnknownCapability(code: 9, value: [4])]
            },
            NotificationMessage(code: 2, subcode: 11),
            .roleMismatch(own: .customer, theirs: [0, 4])
        ),
        Refusal(
            "no role where it is enforced",
            ours: .ours.with {
                $0.role = .customer
                $0.roleCapability = .enforce
            },
            .make(65002, identifier: 2),
            NotificationMessage(code: 2, subcode: 11),
            .roleMismatch(own: .customer, theirs: [])
        ),
        Refusal(
            "a family that is enforced",
            ours: .ours.with {
                $0.families = [.ipv4, .ipv6]
                $0.enforcedFamilies = .ipv6
            },
            .make(65002, identifier: 2),
            NotificationMessage(code: 2, subcode: 7, data: [1, 4, 0, 2, 0, 1]),
            .capabilityMissing(code: 1)
        ),
        Refusal(
            "the enhanced refresh that is enforced",
            ours: .ours.with { $0.enhancedRefresh = .enforce },
            .make(65002, identifier: 2),
            NotificationMessage(code: 2, subcode: 7, data: [70, 0]),
            .capabilityMissing(code: 70)
        ),
        Refusal(
            "the extended message that is enforced",
            ours: .ours.with { $0.extendedMessage = .enforce },
            .make(65002, identifier: 2),
            NotificationMessage(code: 2, subcode: 7, data: [6, 0]),
            .capabilityMissing(code: 6)
        ),
        Refusal(
            "no family in common",
            ours: .ours.with { $0.families = .ipv6 },
            .make(65002, identifier: 2),
            NotificationMessage(code: 2, subcode: 7, data: [1, 4, 0, 2, 0, 1]),
            .noCommonFamily
        ),
        Refusal(
            "Multiprotocol Extensions without a family of ours",
            .make(65002, identifier: 2) {
                $0.families = []
                $0.otherFamilies = [Capabilities.FamilyCode(afi: 25, safi: 70)]
            },
            NotificationMessage(code: 2, subcode: 7, data: [1, 4, 0, 1, 0, 1]),
            .noCommonFamily
        ),
    ]

    @Test(arguments: refusals)
    func `an OPEN is refused with its subcode and a reason of its own`(refusal: Refusal) {
        var bench = Bench(refusal.configuration)
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        let actions = bench.open(refusal.open, on: .first)
        #expect(
            actions == [
                .send(.first, .notification(refusal.notification)), .close(.first),
                .failed(refusal.reason),
                .stateChanged(from: .openSent, to: .idle, event: .openReceived),
            ]
        )
    }

    private func agreed(_ configuration: SessionConfiguration, _ open: OpenMessage) -> Negotiated? {
        var bench = Bench(configuration)
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.open(open, on: .first)
        return bench.session.negotiated
    }

    @Test(arguments: [(90, 30, 30, 10), (30, 90, 30, 10), (90, 0, 0, 0), (3, 90, 3, 1)])
    func `the lower hold time holds, 0 is none`(
        ours: UInt16,
        theirs: UInt16,
        agreedTime: UInt16,
        interval: UInt16
    ) {
        let negotiated = agreed(
            .ours.with { $0.holdTime = ours },
            .make(65002, identifier: 2, holdTime: theirs)
        )
        #expect(negotiated?.holdTime == agreedTime)
        #expect(negotiated?.keepaliveInterval == interval)
    }

    @Test func `a role is judged only where we have told ours, and not within the AS`() {
        func accepts(_ configuration: SessionConfiguration, _ open: OpenMessage) -> Bool {
            agreed(configuration, open) != nil
        }
        #expect(accepts(.ours, .make(65002, identifier: 2) { $0.role = 3 }))
        let silent = SessionConfiguration.ours.with {
            $0.role = .peer
            $0.roleCapability = .no
        }
        #expect(silent.openMessage.capabilities.role == nil)
        #expect(accepts(silent, .make(65002, identifier: 2) { $0.role = 3 }))
        let enforced = Self.internalNeighbor.with {
            $0.role = .peer
            $0.roleCapability = .enforce
        }
        #expect(accepts(enforced, .make(65001, identifier: 2)))
        let customer = SessionConfiguration.ours.with { $0.role = .customer }
        #expect(
            agreed(customer, .make(65002, identifier: 2) { $0.role = 0 })?.capabilities.role == 0
        )
        #expect(accepts(customer, .make(65002, identifier: 2)))
    }

    @Test func `families are those of both, and an OPEN without any means IPv4 unicast`() {
        let both = SessionConfiguration.ours.with { $0.families = [.ipv4, .ipv6] }
        #expect(
            agreed(both, .make(65002, identifier: 2) { $0.families = .ipv6 })?.families == .ipv6
        )
        #expect(agreed(both, .make(65002, identifier: 2) { $0.families = [] })?.families == .ipv4)
    }

    @Test func `capabilities are in force where both sides have them`() {
        let plain = SessionConfiguration.ours.with {
            $0.fourOctetAS = .yes
            $0.routeRefresh = .no
        }
        let negotiated = agreed(plain, .make(65002, identifier: 2) { $0.fourOctetAS = nil })
        #expect(negotiated?.fourOctetAS == false)
        #expect(negotiated?.routeRefresh == false)
        #expect(negotiated?.localOpen.capabilities.routeRefresh == false)
        #expect(negotiated?.capabilities.families == .ipv4)
        #expect(negotiated?.capabilities.fourOctetAS == nil)
    }

    @Test(arguments: 0...3 as ClosedRange<UInt8>, 0...3 as ClosedRange<UInt8>)
    func `paths are many in a direction that one side sends and the other receives`(
        ours: UInt8,
        theirs: UInt8
    ) {
        let (receive, send) = (ours & 1 != 0, ours & 2 != 0)
        let configuration = SessionConfiguration.ours.with {
            $0.families = [.ipv4, .ipv6]
            $0.addPathReceive = receive ? .yes : .no
            $0.addPathSend = send ? .yes : .no
        }
        let negotiated = agreed(
            configuration,
            .make(65002, identifier: 2) {
                $0.families = [.ipv4, .ipv6]
                let has: (UInt8) -> FamilySet = { theirs & $0 != 0 ? .ipv6 : [] }
                $0.setAddPath(receive: has(1), send: has(2))
            }
        )
        #expect(negotiated?.addPathReceive == (receive && theirs & 2 != 0 ? .ipv6 : []))
        #expect(negotiated?.addPathSend == (send && theirs & 1 != 0 ? .ipv6 : []))
        let offered = negotiated?.localOpen.capabilities.addPathFamilies
        #expect(offered?.receive == (receive ? [.ipv4, .ipv6] : []))
        #expect(offered?.send == (send ? [.ipv4, .ipv6] : []))
    }

    @Test(arguments: [true, false], [CapabilityDemand.no, .yes, .enforce])
    func `extended messages and enhanced refresh are for sessions of which both sides offer them`(
        theirs: Bool,
        ours: CapabilityDemand
    ) {
        let configuration = SessionConfiguration.ours.with {
            $0.extendedMessage = ours
            $0.enhancedRefresh = ours
        }
        let open = OpenMessage.make(65002, identifier: 2) {
            $0.extendedMessage = theirs
            $0.enhancedRouteRefresh = theirs
        }
        #expect(configuration.openMessage.capabilities.extendedMessage == (ours != .no))
        #expect(configuration.openMessage.capabilities.enhancedRouteRefresh == (ours != .no))
        let negotiated = agreed(configuration, open)
        if ours == .enforce, !theirs { return #expect(negotiated == nil) }
        let isAgreed = ours != .no && theirs
        #expect(negotiated?.extendedMessage == isAgreed)
        #expect(negotiated?.maximumLength == (isAgreed ? 65535 : 4096))
        #expect(negotiated?.enhancedRefresh == isAgreed)
        #expect(negotiated?.capabilities.extendedMessage == isAgreed)
        #expect(negotiated?.capabilities.enhancedRouteRefresh == isAgreed)
    }

    @Test func `nobody makes us wait for a long message before the session is up`() {
        let open = OpenMessage.make(65002, identifier: 0x0A00_0002) { $0.extendedMessage = true }
        var bench = Bench()
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        #expect(bench.session.maximumLength(on: .first) == 4096)
        _ = bench.open(open, on: .first)
        #expect(bench.session.maximumLength(on: .first) == 4096)
        _ = bench.keepalive(on: .first)
        #expect(bench.session.maximumLength(on: .first) == 65535)
        #expect(bench.session.maximumLength(on: .second) == 4096)
        _ = bench.closed(.first)
        #expect(bench.session.maximumLength(on: .first) == 4096)
    }

    @Test func `an AS of four octets is shown as AS_TRANS or the fallback beside its capability`() {
        let large = SessionConfiguration(localAS: ASNumber(70000), remoteAS: nil, identifier: 1)
        #expect(large.openMessage.twoOctetAS == 23456)
        #expect(large.openMessage.capabilities.fourOctetAS == ASNumber(70000))
        #expect(large.with { $0.fallbackAS = ASNumber(64999) }.openMessage.twoOctetAS == 64999)
        #expect(large.with { $0.fourOctetAS = .no }.openMessage.capabilities.fourOctetAS == nil)
    }

    @Test func `our own identifier is no error between two ASes (RFC 6286)`() {
        #expect(agreed(.ours, .make(65002, identifier: 0x0A00_0001)) != nil)
    }

    @Test func `a neighbor of any AS keeps the one that it came with first`() {
        var bench = Bench(Self.anyNeighbor)
        _ = bench.start()
        _ = bench.opened(.first, .outgoing(.first))
        _ = bench.open(.make(64777, identifier: 2), on: .first)
        _ = bench.keepalive(on: .first)
        _ = bench.closed(.first)
        _ = bench.opened(.second, .incoming)
        let actions = bench.open(.make(64778, identifier: 2), on: .second)
        let reason = DownReason.wrongAS(expected: ASNumber(64777), received: ASNumber(64778))
        #expect(actions.contains(.failed(reason)))
    }

    @Test func `internal and external neighbors are told apart`() {
        #expect(agreed(Self.internalNeighbor, .make(65001, identifier: 2))?.isInternal == true)
        #expect(agreed(.ours, .theirs)?.isInternal == false)
    }
}
