import Addressing
import Attributes
import BGPWire
import FuzzInput

/// Canonical attributes on their way: interned, edited, and sent on to a neighbor that reads the same.
struct RoundTrip: ~Copyable {
    private var store = AttributeStore()
    private var editor = AttributesEditor()
    private var builder = UpdateBuilder()
    private var decoder = UpdateDecoder()

    mutating func check(
        _ attributes: [UInt8],
        _ prefixes: [IPPrefix],
        _ family: AddressFamily,
        _ context: UpdateContext,
        _ edits: UInt8
    ) {
        checkForm(attributes)
        words(attributes)
        let id = store.intern(attributes.span)
        require(store.bytes(id) == attributes, "a set is stored as it is")
        require(store.facts(id).nextHop != .none, "a route has a next hop")
        send(attributes, prefixes, family, context)
        edit(id, edits)
        store.release(id)
        require(store.count == 0 && store.totalReferences == 0, "nothing is left behind")
    }

    /// Ascending types, each once, nothing between them or behind.
    private func checkForm(_ attributes: [UInt8]) {
        var offset = 0
        var last = -1
        while let attribute = PathAttribute.next(in: attributes.span, at: &offset) {
            let type = Int(attribute.type.rawValue)
            require(type > last, "types ascend")
            require(![14, 15, 17, 18].contains(type), "type \(type) is none of a canonical set")
            let isLong = attribute.flags & AttributeFlags.extendedLength != 0
            require(isLong == (attribute.value.count > 255), "the length is as short as it can be")
            last = type
        }
        require(offset == attributes.count, "attributes fill their place")
    }

    private func words(_ attributes: [UInt8]) {
        var offset = 0
        while let found = PathAttribute.next(in: attributes.span, at: &offset) {
            _ = AttributeText.value(of: found.type, attributes.span.extracting(found.value))
            _ = found.type.title(flags: found.flags)
        }
    }

    /// A neighbor that agrees on the same reads the same routes.
    private mutating func send(
        _ attributes: [UInt8],
        _ prefixes: [IPPrefix],
        _ family: AddressFamily,
        _ context: UpdateContext
    ) {
        for fourOctetAS in [true, false] {
            var output: [UInt8] = []
            guard
                builder.begin(
                    attributes: attributes.span,
                    family: family,
                    fourOctetAS: fourOctetAS,
                    markPartial: true,
                    maximumLength: MessageFraming.extendedMaximum
                )
            else { continue }
            for prefix in prefixes { builder.append(prefix, to: &output) }
            builder.finish(to: &output)
            var other = context
            other.fourOctetAS = fourOctetAS
            // AS_TRANS begins the path of a neighbor whose number takes four octets.
            if !context.fourOctetAS { other.enforceNeighborAS = false }
            let again = Decoding(Array(output[19...]), other, &decoder)
            require(
                again.verdict == .accept,
                "what was accepted is refused when it is sent on: \(again.verdict)"
            )
            let hop = PathAttribute.first(.nextHop, in: attributes.span)
            let isOwn = family == .ipv4 && hop?.value.count == 4
            require(
                (isOwn ? again.reachable : again.mpReachable) == prefixes,
                "the prefixes are others when they are sent on"
            )
            guard fourOctetAS else { continue }
            require(
                (isOwn ? again.attributes : again.mpAttributes) == attributes,
                "the attributes are others when they are sent on"
            )
        }
    }

    /// The changes of filters keep a set canonical.
    private mutating func edit(_ id: AttributesID, _ edits: UInt8) {
        editor.load(id, from: store)
        if edits & 1 != 0 { editor.prepend(ASNumber(65000), count: 1 + Int(edits) * 20) }
        if edits & 2 != 0 {
            editor.replaceAS(ASNumber(65001), with: ASNumber(65000))
            editor.setMED(7)
            editor.adjustLocalPreference(by: -1)
        }
        if edits & 4 != 0 {
            editor.addCommunity(0xFDE8_0001)
            editor.addExtendedCommunity(0x0002_FDE8_0000_0007)
            editor.addLargeCommunity(LargeCommunity(65000, 1, 2))
        }
        if edits & 8 != 0 {
            editor.deleteCommunities(0, mask: 0)
            editor.deleteLargeCommunities(LargeCommunity(1, 0, 0), mask: LargeCommunity(1, 0, 0))
            editor.dropNonTransitiveExtendedCommunities()
            editor.dropUnknownNonTransitive()
        }
        checkForm(editor.withBytes(copy))
        let changed = editor.intern(into: store)
        store.release(changed)
    }
}
