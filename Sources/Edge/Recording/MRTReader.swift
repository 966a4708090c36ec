import Addressing

/// Reads the records of an MRT file one after the other.
///
/// Reads TABLE_DUMP, TABLE_DUMP_V2 (with ADD-PATH), BGP4MP and BGP4MP_ET, and the BGP type of before 2000.
/// A file that is cut off gives all whole records; ``missingByteCount`` then tells how much is not there.
package struct MRTReader {
    /// The bytes of the file, decompressed; ranges in records point into them.
    package let bytes: [UInt8]
    /// How many octets the last record lacks; 0 where the file ends with a record.
    package private(set) var missingByteCount = 0

    private var offset = 0
    private var peers: [MRTPeer] = []

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The octets of a range that a record named.
    package func octets(_ range: Range<Int>) -> [UInt8] {
        Array(bytes[range])
    }

    /// The next record; nil at the end of the file or where it is cut off.
    package mutating func next() -> MRTRecord? {
        guard offset < bytes.count else { return nil }
        var reader = ByteReader(bytes, offset..<bytes.count)
        guard let seconds = reader.number(4), let type = reader.number(2),
            let subtype = reader.number(2), let length = reader.number(4)
        else {
            missingByteCount = 12 - (bytes.count - offset)
            offset = bytes.count
            return nil
        }
        guard var body = reader.take(Int(length)) else {
            missingByteCount = Int(length) - reader.left
            offset = bytes.count
            return nil
        }
        offset = body.upperBound
        var record = MRTRecord(
            seconds: seconds,
            microseconds: 0,
            type: UInt16(type),
            subtype: UInt16(subtype),
            content: .malformed
        )
        if type == MRTType.bgp4mpET {
            var extended = ByteReader(bytes, body)
            guard let microseconds = extended.number(4) else { return record }
            record.microseconds = microseconds
            body = body.lowerBound + 4..<body.upperBound
        }
        record.content = content(type, subtype, body) ?? .malformed
        return record
    }

    private mutating func content(_ type: UInt32, _ subtype: UInt32, _ body: Range<Int>)
        -> MRTRecord.Content?
    {
        var reader = ByteReader(bytes, body)
        switch (type, subtype) {
        case (MRTType.bgp, _):
            return MRTOldRecord.content(subtype, &reader)
        case (MRTType.tableDump, 1), (MRTType.tableDump, 2):
            return tableDump(subtype == 1 ? .ipv4 : .ipv6, &reader)
        case (MRTType.tableDumpV2, 1):
            return peerTable(&reader)
        case (MRTType.tableDumpV2, 2...5), (MRTType.tableDumpV2, 8...11):
            let isIPv4 = [2, 3, 8, 9].contains(subtype)
            guard reader.number(4) != nil, let prefix = reader.prefix(isIPv4 ? .ipv4 : .ipv6) else {
                return nil
            }
            return routes(prefix, &reader, hasAddPath: subtype >= 8)
        case (MRTType.tableDumpV2, 6), (MRTType.tableDumpV2, 12):
            guard reader.number(4) != nil, let afi = reader.number(2), let safi = reader.number(1)
            else { return nil }
            guard safi <= 2, let family = AddressFamily(rawValue: UInt8(clamping: afi)) else {
                return .unsupported
            }
            guard let prefix = reader.prefix(family) else { return nil }
            return routes(prefix, &reader, hasAddPath: subtype == 12)
        case (MRTType.bgp4mp, _), (MRTType.bgp4mpET, _):
            return MRTBGP4MP.content(subtype, &reader)
        default:
            return .unsupported
        }
    }

    private func tableDump(_ family: AddressFamily, _ reader: inout ByteReader) -> MRTRecord
        .Content?
    {
        guard reader.number(4) != nil, let address = reader.address(family),
            let length = reader.number(1),
            length <= UInt32(family.bitCount), reader.number(1) != nil,
            let originated = reader.number(4),
            let peer = reader.address(family), let peerAS = reader.number(2),
            let count = reader.number(2),
            let attributes = reader.take(Int(count))
        else { return nil }
        let route = MRTRoute(
            peer: MRTPeer(identifier: 0, address: peer, autonomousSystem: ASNumber(peerAS)),
            originated: originated,
            attributes: attributes,
            fourOctetAS: false,
            hasShortReach: false
        )
        return .routes(IPPrefix(address, length: UInt8(length)), [route])
    }

    private mutating func peerTable(_ reader: inout ByteReader) -> MRTRecord.Content? {
        guard let collector = reader.number(4), let nameLength = reader.number(2),
            let name = reader.take(Int(nameLength)), let count = reader.number(2)
        else { return nil }
        var found: [MRTPeer] = []
        for _ in 0..<count {
            guard let kind = reader.number(1), let identifier = reader.number(4),
                let address = reader.address(kind & 1 == 0 ? .ipv4 : .ipv6),
                let number = reader.number(kind & 2 == 0 ? 2 : 4)
            else { return nil }
            found.append(
                MRTPeer(
                    identifier: identifier,
                    address: address,
                    autonomousSystem: ASNumber(number)
                )
            )
        }
        peers = found
        let view = String(decoding: bytes[name], as: UTF8.self)
        return .peers(MRTPeerTable(collector: collector, view: view, peers: found))
    }

    private func routes(
        _ prefix: IPPrefix,
        _ reader: inout ByteReader,
        hasAddPath: Bool
    ) -> MRTRecord.Content? {
        guard let count = reader.number(2) else { return nil }
        var routes: [MRTRoute] = []
        for _ in 0..<count {
            guard let peer = reader.number(2), let originated = reader.number(4) else { return nil }
            var pathID: UInt32?
            if hasAddPath {
                guard let number = reader.number(4) else { return nil }
                pathID = number
            }
            guard let length = reader.number(2), let attributes = reader.take(Int(length)) else {
                return nil
            }
            routes.append(
                MRTRoute(
                    peer: Int(peer) < peers.count ? peers[Int(peer)] : nil,
                    originated: originated,
                    pathID: pathID,
                    attributes: attributes,
                    fourOctetAS: true,
                    hasShortReach: true
                )
            )
        }
        return .routes(prefix, routes)
    }
}

/// MRT type numbers.
enum MRTType {
    static let bgp: UInt32 = 5
    static let tableDump: UInt32 = 12
    static let tableDumpV2: UInt32 = 13
    static let bgp4mp: UInt32 = 16
    static let bgp4mpET: UInt32 = 17
}
