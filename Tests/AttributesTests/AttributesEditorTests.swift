import Addressing
import Attributes
import BGPWire
import Testing

/// The bytes that an edit of `start` gives.
private func edited(_ start: [UInt8], _ edit: (inout AttributesEditor) -> Void) -> [UInt8] {
    var editor = AttributesEditor()
    editor.load(start.span)
    edit(&editor)
    return editor.withBytes { bytes in bytes.indices.map { bytes[$0] } }
}

struct AttributesEditorTests {
    @Test func `an attribute goes where its type belongs, or in place of the old one`() {
        let start: [UInt8] = [0x40, 1, 1, 0, 0x40, 3, 4, 10, 0, 0, 1]
        #expect(edited(start) { $0.setMED(7) } == start + [0x80, 4, 4, 0, 0, 0, 7])
        #expect(
            edited(start) { $0.prepend(ASNumber(65001)) }
                == [0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xFD, 0xE9, 0x40, 3, 4, 10, 0, 0, 1]
        )
        #expect(edited(start) { $0.setOrigin(2) } == [0x40, 1, 1, 2, 0x40, 3, 4, 10, 0, 0, 1])
        #expect(
            edited(start) { $0.setNextHop(NextHop(IPAddress(ipv4: 0x0B00_0002))) }
                == [0x40, 1, 1, 0, 0x40, 3, 4, 11, 0, 0, 2]
        )
        #expect(edited(start) { $0.remove(.origin) } == [0x40, 3, 4, 10, 0, 0, 1])
    }

    @Test func `relative values begin at the default and stop at both ends`() {
        #expect(edited([]) { $0.adjustLocalPreference(by: 10) } == [0x40, 5, 4, 0, 0, 0, 110])
        #expect(edited([]) { $0.adjustLocalPreference(by: -101) } == [0x40, 5, 4, 0, 0, 0, 0])
        #expect(edited([]) { $0.adjustMED(by: -1) } == [0x80, 4, 4, 0, 0, 0, 0])
        #expect(
            edited([0x80, 4, 4, 255, 255, 255, 250]) { $0.adjustMED(by: 10) }
                == [0x80, 4, 4, 255, 255, 255, 255]
        )
    }

    @Test func `MED that is set here is marked, weight is a mark alone`() {
        var editor = AttributesEditor()
        editor.setMED(1)
        editor.adjustWeight(by: 5)
        editor.adjustWeight(by: -9)
        #expect(editor.marks == AttributeMarks(weight: 0, options: .medIsOurs))
    }

    @Test func `prepending joins the first sequence and splits at 255`() {
        let number: [UInt8] = [0, 0, 0xFD, 0xE9]
        let full: [UInt8] =
            [0x50, 2, 0x03, 0xFA, 2, 254] + (0..<254).flatMap { _ in number }
        let result = edited(full) { $0.prepend(ASNumber(65002), count: 3) }
        let two: [UInt8] = [0, 0, 0xFD, 0xEA]
        #expect(
            result == [0x50, 2, 0x04, 0x08, 2, 2] + two + two + [2, 255] + two
                + (0..<254).flatMap { _ in number }
        )
        let set: [UInt8] = [0x40, 2, 6, 1, 1] + number
        #expect(
            edited(set) { $0.prepend(ASNumber(65002)) } == [0x40, 2, 12, 2, 1] + two + [1, 1]
                + number
        )
    }

    @Test func `an AS number is replaced wherever it stands`() {
        let result = edited(sample) { $0.replaceAS(ASNumber(65003), with: ASNumber(1)) }
        #expect(AttributeReading.pathContains(ASNumber(1), in: result.span) == true)
        #expect(AttributeReading.pathContains(ASNumber(65003), in: result.span) == false)
        #expect(result.count == sample.count)
    }

    @Test func `communities are added once and deleted by mask, the attribute with the last one`() {
        let one = edited([]) {
            $0.addCommunity(0x0001_0002)
            $0.addCommunity(0x0001_0002)
            $0.addCommunity(0x0001_0003)
        }
        #expect(one == [0xC0, 8, 8, 0, 1, 0, 2, 0, 1, 0, 3])
        #expect(edited(one) { $0.deleteCommunities(0x0001_0002) } == [0xC0, 8, 4, 0, 1, 0, 3])
        #expect(edited(one) { $0.deleteCommunities(0x0001_0000, mask: 0xFFFF_0000) } == [])
        let large = edited([]) {
            $0.addLargeCommunity(LargeCommunity(1, 2, 3))
            $0.addLargeCommunity(LargeCommunity(1, 9, 3))
        }
        let mask = LargeCommunity(.max, 0, .max)
        #expect(
            edited(large) { $0.deleteLargeCommunities(LargeCommunity(1, 0, 3), mask: mask) } == []
        )
        #expect(edited(large) { $0.deleteLargeCommunities(LargeCommunity(1, 2, 3)) }.count == 15)
    }

    @Test func `extended communities that are not transitive are dropped, the others stay`() {
        let both = edited([]) {
            $0.addExtendedCommunity(0x4300_0000_0000_0001)
            $0.addExtendedCommunity(0x0002_FDE9_0000_0001)
        }
        #expect(
            edited(both) { $0.dropNonTransitiveExtendedCommunities() }
                == [0xC0, 16, 8, 0x00, 0x02, 0xFD, 0xE9, 0, 0, 0, 1]
        )
    }

    @Test func `unknown attributes go unless they are transitive`() {
        let start: [UInt8] = [
            0x80, 4, 4, 0, 0, 0, 1, 0x80, 200, 1, 9, 0xE0, 201, 1, 9, 0x80, 202, 0,
        ]
        #expect(
            edited(start) { $0.dropUnknownNonTransitive() }
                == [0x80, 4, 4, 0, 0, 0, 1, 0xE0, 201, 1, 9]
        )
    }

    @Test func `an edited set is interned with its marks and the original stays`() {
        let store = AttributeStore()
        let original = store.add(sample)
        var editor = AttributesEditor()
        editor.load(original, from: store)
        editor.setLocalPreference(300)
        editor.setWeight(5)
        let changed = editor.intern(into: store)
        #expect(store.facts(changed).localPreference == 300)
        #expect(store.facts(changed).marks.weight == 5)
        #expect(store.facts(original).localPreference == 200)
    }
}

/// Sets that no message can carry.
struct LongSetTests {
    /// Attributes of 65,535 octets: an unknown one, and COMMUNITIES.
    private static let longest: [UInt8] =
        [0xD0, 8, 0x00, 0x04, 0, 1, 0, 1]
        + [0xF0, 99, 0xFF, 0xF3] + [UInt8](repeating: 7, count: 0xFFF3)

    @Test func `the longest set is stored, and any that has grown past it is none`() {
        let store = AttributeStore()
        var editor = AttributesEditor()
        editor.load(Self.longest.span)
        let id = editor.intern(into: store)
        #expect(store.byteCount(id) == 65_535)
        editor.load(id, from: store)
        editor.addCommunity(0x10002)
        #expect(editor.intern(into: store) == .none)
        editor.load(id, from: store)
        editor.remove(.communities)
        let smaller = editor.intern(into: store)
        #expect(smaller != .none)
        store.release(smaller)
        store.release(id)
        #expect(store.totalReferences == 0)
    }

    @Test func `an attribute that would grow past its length stays, and the set is none`() {
        let start: [UInt8] =
            [0xD0, 8, 0xFF, 0xF8] + [UInt8](repeating: 9, count: 0xFFF8)
        let store = AttributeStore()
        var editor = AttributesEditor()
        editor.load(start.span)
        for number in 1...4 { editor.addCommunity(UInt32(number)) }
        editor.deleteCommunities(0x0909_0909)
        #expect(editor.intern(into: store) == .none)
        editor.load(start.span)
        editor.deleteCommunities(0x0909_0909)
        #expect(editor.withBytes { $0.count } == 0)
    }
}
