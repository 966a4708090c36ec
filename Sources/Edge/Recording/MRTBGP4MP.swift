import Addressing

/// Records of BGP4MP and BGP4MP_ET (RFC 6396 §4.4, RFC 8050).
enum MRTBGP4MP {
    /// What a record of that subtype holds; nil where its lengths do not fit.
    static func content(_ subtype: UInt32, _ reader: inout ByteReader) -> MRTRecord.Content? {
        switch subtype {
        case 0, 5:
            guard let ends = Ends(&reader, octets: subtype == 5 ? 4 : 2),
                let old = reader.number(2), let new = reader.number(2)
            else { return nil }
            return .stateChange(
                MRTStateChange(
                    peerAS: ends.peerAS,
                    peerAddress: ends.peer,
                    oldState: UInt16(old),
                    newState: UInt16(new)
                )
            )
        case 1, 4, 6...11:
            let isFour = [4, 7, 9, 11].contains(subtype)
            guard let ends = Ends(&reader, octets: isFour ? 4 : 2),
                let place = reader.take(reader.left)
            else { return nil }
            return .message(
                MRTMessage(
                    peerAS: ends.peerAS,
                    localAS: ends.localAS,
                    peerAddress: ends.peer,
                    localAddress: ends.local,
                    fourOctetAS: isFour,
                    isLocal: [6, 7, 10, 11].contains(subtype),
                    hasAddPath: subtype >= 8,
                    bytes: Array(reader.bytes[place])
                )
            )
        case 2:
            return entry(&reader)
        default:
            return .unsupported
        }
    }

    /// BGP4MP_ENTRY: a table dump that RFC 6396 calls deprecated and OpenBGPD still writes (`table-mp`).
    private static func entry(_ reader: inout ByteReader) -> MRTRecord.Content? {
        guard let ends = Ends(&reader, octets: 2), reader.number(4) != nil,
            let changed = reader.number(4),
            let afi = reader.number(2), reader.number(1) != nil, let hopLength = reader.number(1),
            let nextHop = reader.take(Int(hopLength)),
            let family = AddressFamily(rawValue: UInt8(clamping: afi)),
            let prefix = reader.prefix(family), let length = reader.number(2),
            let attributes = reader.take(Int(length))
        else { return nil }
        let route = MRTRoute(
            peer: MRTPeer(identifier: 0, address: ends.peer, autonomousSystem: ends.peerAS),
            originated: changed,
            nextHop: nextHop,
            attributes: attributes,
            fourOctetAS: false,
            hasShortReach: false
        )
        return .routes(prefix, [route])
    }

    /// The two ends of the session, at the front of every record.
    private struct Ends {
        var peerAS: ASNumber
        var localAS: ASNumber
        var peer: IPAddress
        var local: IPAddress

        init?(_ reader: inout ByteReader, octets: Int) {
            guard let peerAS = reader.number(octets), let localAS = reader.number(octets),
                reader.number(2) != nil, let afi = reader.number(2),
                let family = AddressFamily(rawValue: UInt8(clamping: afi)),
                let peer = reader.address(family), let local = reader.address(family)
            else { return nil }
            self.peerAS = ASNumber(peerAS)
            self.localAS = ASNumber(localAS)
            self.peer = peer
            self.local = local
        }
    }
}

/// Records of the BGP type, which collectors wrote until 2000 (RFC 6396 appendix B.1).
enum MRTOldRecord {
    /// What a record of that subtype holds; messages get the header that the record leaves out.
    static func content(_ subtype: UInt32, _ reader: inout ByteReader) -> MRTRecord.Content? {
        let types: [UInt32: UInt8] = [1: 2, 5: 1, 6: 3, 7: 4]
        if subtype == 3 {
            guard let peerAS = reader.number(2), let peer = reader.address(.ipv4),
                let old = reader.number(2), let new = reader.number(2)
            else { return nil }
            return .stateChange(
                MRTStateChange(
                    peerAS: ASNumber(peerAS),
                    peerAddress: peer,
                    oldState: UInt16(old),
                    newState: UInt16(new)
                )
            )
        }
        guard let type = types[subtype] else { return .unsupported }
        guard let peerAS = reader.number(2), let peer = reader.address(.ipv4),
            let localAS = reader.number(2), let local = reader.address(.ipv4),
            let place = reader.take(reader.left), place.count <= 65535 - 19
        else { return nil }
        let length = 19 + place.count
        let header =
            [UInt8](repeating: 0xFF, count: 16) + [UInt8(length >> 8), UInt8(length & 255), type]
        return .message(
            MRTMessage(
                peerAS: ASNumber(peerAS),
                localAS: ASNumber(localAS),
                peerAddress: peer,
                localAddress: local,
                fourOctetAS: false,
                isLocal: false,
                hasAddPath: false,
                bytes: header + reader.bytes[place]
            )
        )
    }
}
