import Addressing
import BGPWire
import Testing

/// Bodies are written as: withdrawn length, withdrawn, attribute length, attributes, NLRI.
struct UpdateDecoderTests {
    static let ebgp = VectorTests.context
    static var ibgp: UpdateContext {
        var context = ebgp
        context.isIBGP = true
        return context
    }
    static var twoOctet: UpdateContext {
        var context = ebgp
        context.fourOctetAS = false
        return context
    }

    static let origin = "400101 00"
    static let path = "400206 0201 0000fde9"
    static let hop = "400304 0a000002"
    static let prefix = "18 cb0071"

    private func update(_ attributes: String, nlri: String = prefix, withdrawn: String = "")
        -> [UInt8]
    {
        let list = bytes(attributes)
        let gone = bytes(withdrawn)
        return [UInt8(gone.count >> 8), UInt8(gone.count & 255)] + gone
            + [UInt8(list.count >> 8), UInt8(list.count & 255)] + list + bytes(nlri)
    }

    @Test func `canonical attributes are the bytes of the message`() {
        let attributes = Self.origin + Self.path + Self.hop + "c00804 fde90064"
        let result = Decoding(update(attributes), Self.ebgp)
        #expect(result.verdict == .accept)
        #expect(result.announced == ["203.0.113.0/24"])
        #expect(result.attributes == bytes(attributes))
        #expect(result.discards.isEmpty)
    }

    @Test
    func `the place of the attributes is known before a message is judged, if all of it is there`()
    {
        let body = update(Self.origin + Self.path + Self.hop, withdrawn: "18 cb0072")
        let header = [UInt8](repeating: 0xFF, count: 16) + [0, UInt8(19 + body.count), 2]
        let stream = [0, 0] + header + body
        let attributes = bytes(Self.origin + Self.path + Self.hop)
        let start = 2 + 4 + 2
        #expect(
            UpdateDecoder.attributes(ofMessageIn: stream.span, at: 2)
                == start..<start + attributes.count
        )
        for count in 0..<2 + 19 + start + attributes.count {
            let part = Array(stream.prefix(count))
            #expect(UpdateDecoder.attributes(ofMessageIn: part.span, at: 2) == nil)
        }
        var other = stream
        other[2 + 18] = 4
        #expect(UpdateDecoder.attributes(ofMessageIn: other.span, at: 2) == nil)
        let endOfRIB = header + [0, 0, 0, 0]
        #expect(UpdateDecoder.attributes(ofMessageIn: endOfRIB.span, at: 0) == nil)
        #expect(UpdateDecoder.attributes(ofMessageIn: stream.span, at: stream.count) == nil)
        // What MP_REACH_NLRI announces has other attributes.
        let alone = update(Self.origin + Self.path + Self.hop, nlri: "")
        let withoutRoutes = header.prefix(17) + [UInt8(19 + alone.count), 2] + alone
        #expect(UpdateDecoder.attributes(ofMessageIn: Array(withoutRoutes).span, at: 0) == nil)
    }

    @Test func `attributes out of order, with loose headers and unknown ones become canonical`() {
        let attributes =
            "c0630101" + Self.hop + "5002 0006 0201 0000fde9" + Self.origin + "80c80101"
            + "80040400000005"
        let result = Decoding(update(attributes), Self.ebgp)
        #expect(result.verdict == .accept)
        #expect(
            result.attributes
                == bytes(Self.origin + Self.path + Self.hop + "80040400000005" + "e0630101")
        )
        #expect(
            result.discards == [
                AttributeFault(type: AttributeType(200), kind: .unrecognized, offset: 29)
            ]
        )
    }

    @Test func `both kinds of routes in one message get their own next hop`() {
        let reach = "800e1a 0002 01 10 20010db8000000000000000000000002 00 20 20010db8"
        let unreach = "800f08 0002 01 20 20010db9"
        let result = Decoding(
            update(reach + unreach + Self.origin + Self.path + Self.hop, withdrawn: "08 0a"),
            Self.ebgp
        )
        #expect(result.verdict == .accept)
        #expect(result.withdrawn == ["10.0.0.0/8"])
        #expect(result.mpWithdrawn == ["2001:db9::/32"])
        #expect(result.mpAnnounced == ["2001:db8::/32"])
        #expect(result.attributes == bytes(Self.origin + Self.path + Self.hop))
        let hop6 = "400310 20010db8000000000000000000000002"
        #expect(result.mpAttributes == bytes(Self.origin + Self.path + hop6))
    }

    @Test func `a loopback next hop is for sessions over loopback addresses alone`() {
        let loopback = "400304 7f000002"
        let reach = "800e1a 0002 01 10 00000000000000000000000000000001 00 20 20010db8"
        let message = update(reach + Self.origin + Self.path + loopback)
        guard case .treatAsWithdraw = Decoding(message, Self.ebgp).verdict else {
            Issue.record("accepted from a neighbor elsewhere")
            return
        }
        var context = Self.ebgp
        context.isOverLoopback = true
        #expect(Decoding(message, context).verdict == .accept)
    }

    @Test func `a neighbor of two octets gets its path widened and merged`() {
        let path = "40020a 0204 fde9 5ba0 0064 5ba0"
        let as4 = "c0110e 0203 00061a80 00000064 00061a81"
        let aggregator = "c00706 5ba0 0a000001"
        let as4Aggregator = "c01208 00061a82 0a000001"
        let result = Decoding(
            update(as4 + Self.origin + path + Self.hop + as4Aggregator + aggregator),
            Self.twoOctet
        )
        #expect(result.verdict == .accept)
        #expect(text(.asPath, in: result.attributes) == "65001 400000 100 400001")
        #expect(text(.aggregator, in: result.attributes) == "400002 [10.0.0.1]")
        #expect(attributeTypes(result.attributes) == [1, 2, 3, 7])
    }

    @Test func `an AGGREGATOR that is not AS_TRANS makes both AS4 attributes stale`() {
        let path = "400206 0202 fde9 5ba0"
        let as4 = "c0110a 0202 0000fde9 00061a80"
        let result = Decoding(
            update(
                Self.origin + path + Self.hop + "c00706 0064 0a000001" + as4
                    + "c01208 00061a82 0a000001"
            ),
            Self.twoOctet
        )
        #expect(text(.asPath, in: result.attributes) == "65001 23456")
        #expect(text(.aggregator, in: result.attributes) == "100 [10.0.0.1]")
    }

    @Test
    func `an AS4_PATH longer than the path is ignored, its confederation segments are left out`() {
        let long = "c0110a 0202 0000fde9 00061a80"
        let ignored = Decoding(
            update(Self.origin + "400204 0201 fde9" + Self.hop + long),
            Self.twoOctet
        )
        #expect(text(.asPath, in: ignored.attributes) == "65001")
        let confederation = "c0110c 0301 0000fdea 0201 00061a80"
        let merged = Decoding(
            update(Self.origin + "400206 0202 fde9 5ba0" + Self.hop + confederation),
            Self.twoOctet
        )
        #expect(text(.asPath, in: merged.attributes) == "65001 400000")
    }

    @Test(arguments: [
        ("400101 03" + path + hop, 1, AttributeFault.Kind.value),
        ("400100" + path + hop, 1, .length),
        ("c00101 00" + path + hop, 1, .flags),
        (path + hop, 1, .missing),
        (origin + hop, 2, .missing),
        (origin + path, 3, .missing),
        (origin + "400205 0201 0000fd" + hop, 2, .segment),
        (origin + "400206 0201 00000000" + hop, 2, .asZero),
        (origin + "400206 0301 0000fde9" + hop, 2, .confederation),
        (origin + path + "400304 e0000001", 3, .value),
        (origin + path + hop + "c00803 000000", 8, .length),
        (origin + path + hop + "c010 09 000000000000000000", 16, .length),
        (origin + path + hop + "c020 04 00000000", 32, .length),
        (origin + path + hop + "c023 04 00000000", 35, .asZero),
        (origin + path + hop + "a004 04 00000000", 4, .flags),
        (origin + path + hop + "c00808 00000000", 8, .overrun),
        (origin + path + hop + "c0", 0, .overrun),
    ])
    func `a route with a malformed attribute is withdrawn`(
        attributes: String,
        type: Int,
        kind: AttributeFault.Kind
    ) {
        let result = Decoding(update(attributes, withdrawn: "08 0a"), Self.ebgp)
        guard case .treatAsWithdraw(let fault) = result.verdict else {
            Issue.record("\(result.verdict)")
            return
        }
        #expect(fault.type == AttributeType(UInt8(type)))
        #expect(fault.kind == kind)
        #expect(result.announced == ["203.0.113.0/24"])
        #expect(result.withdrawn == ["10.0.0.0/8"])
    }

    @Test func `the same fault without a route in sight ends the session`() {
        let result = Decoding(
            update("400101 03" + Self.path, nlri: "", withdrawn: "08 0a"),
            Self.ebgp
        )
        #expect(result.verdict == .reset(NotificationMessage(.update, 6, data: bytes("400101 03"))))
        let framing = Decoding(update("c00808 00000000", nlri: ""), Self.ebgp)
        #expect(framing.verdict == .reset(NotificationMessage(.update, 1)))
    }

    @Test(arguments: [
        ("800e03 000201", 9), ("800e05 0002 01 00 00", 9), ("800f02 0002", 9),
        ("800f05 0002 01 81 00", 9), ("40c801 00", 2),
        ("800f03 000201 800f03 000201", 1), ("800e09 0002 01 10 0000000000", 9),
    ])
    func `a fault that hides routes ends the session`(attributes: String, subcode: Int) {
        let result = Decoding(update(Self.origin + Self.path + Self.hop + attributes), Self.ebgp)
        guard case .reset(let notification) = result.verdict else {
            Issue.record("\(result.verdict)")
            return
        }
        #expect(notification.code == 3 && Int(notification.subcode) == subcode)
    }

    @Test func `a worse fault after a bad attribute still counts`() {
        let result = Decoding(update("400101 03" + "800e03 000201"), Self.ebgp)
        #expect(
            result.verdict == .reset(NotificationMessage(.update, 9, data: bytes("800e03 000201")))
        )
    }

    @Test func `attributes that may not come from another AS are discarded, malformed or not`() {
        let result = Decoding(
            update(
                Self.origin + Self.path + Self.hop + "400503 000000" + "80090400000001" + "800a0101"
            ),
            Self.ebgp
        )
        #expect(result.verdict == .accept)
        #expect(attributeTypes(result.attributes) == [1, 2, 3])
        #expect(result.discards.map(\.kind) == [.notFromHere, .notFromHere, .notFromHere])
        let inside = Decoding(
            update(Self.origin + Self.path + Self.hop + "400503 000000"),
            Self.ibgp
        )
        #expect(
            inside.verdict
                == .treatAsWithdraw(
                    AttributeFault(type: .localPreference, kind: .length, offset: 24)
                )
        )
    }

    @Test func `the leftmost AS must be the neighbor's where that is asked for`() {
        var context = Self.ebgp
        context.enforceNeighborAS = true
        context.remoteAS = ASNumber(65007)
        let result = Decoding(update(Self.origin + Self.path + Self.hop), context)
        #expect(
            result.verdict
                == .treatAsWithdraw(AttributeFault(type: .asPath, kind: .firstAS, offset: 8))
        )
        context.remoteAS = ASNumber(65001)
        #expect(Decoding(update(Self.origin + Self.path + Self.hop), context).verdict == .accept)
    }

    @Test func `an AS_SET is withdrawn where the configuration says so`() {
        let attributes = Self.origin + "40020c 0201 0000fde9 0101 00000064" + Self.hop
        #expect(Decoding(update(attributes), Self.ebgp).verdict == .accept)
        var context = Self.ebgp
        context.rejectASSet = true
        #expect(
            Decoding(update(attributes), context).verdict
                == .treatAsWithdraw(AttributeFault(type: .asPath, kind: .asSet, offset: 8))
        )
    }

    @Test func `End-of-RIB is an empty UPDATE or an empty MP_UNREACH alone`() {
        #expect(Decoding(bytes("00000000"), Self.ebgp).verdict == .endOfRIB(.ipv4))
        #expect(Decoding(update("800f03 000201", nlri: ""), Self.ebgp).verdict == .endOfRIB(.ipv6))
        #expect(
            Decoding(update("800f03 000201" + Self.origin, nlri: ""), Self.ebgp).verdict == .accept
        )
        #expect(Decoding(update("800f03 000204", nlri: ""), Self.ebgp).verdict == .accept)
    }

    @Test func `a family that was not agreed on is ignored`() {
        var context = Self.ebgp
        context.families = .ipv4
        let reach = "800e1a 0002 01 10 20010db8000000000000000000000002 00 20 20010db8"
        let result = Decoding(update(Self.origin + Self.path + reach, nlri: ""), context)
        #expect(result.verdict == .accept)
        #expect(result.mpAnnounced.isEmpty)
        #expect(result.discards == [AttributeFault(type: .mpReach, kind: .family, offset: 17)])
    }

    @Test func `host bits and the default route are read as prefixes`() {
        let result = Decoding(
            update(Self.origin + Self.path + Self.hop, nlri: "00 17 cb0071 20 01020304"),
            Self.ebgp
        )
        #expect(result.announced == ["0.0.0.0/0", "203.0.112.0/23", "1.2.3.4/32"])
    }
}
