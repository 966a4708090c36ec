import Addressing

/// The value of the Graceful Restart capability (RFC 4724 §3, with the N bit of RFC 8538).
package struct GracefulRestart: Hashable, Sendable {
    /// R: the speaker has started anew.
    package var hasRestarted = false
    /// N: a NOTIFICATION other than a Hard Reset ends a session as gracefully as a lost connection.
    package var survivesNotification = false
    /// Seconds until the speaker is back at the latest; 12 bits on the wire.
    package var restartTime: UInt16 = 0
    /// Unicast families whose routes the neighbors are to keep meanwhile.
    package var families: FamilySet = []
    /// F: those of ``families`` that were forwarded all the time.
    package var preserved: FamilySet = []

    /// The capability of a speaker that only helps others: no family, no restart time.
    package init() {}

    /// Reads the capability's value; other families than unicast are passed over.
    package init(_ value: [UInt8]) {
        guard value.count >= 2 else { return }
        hasRestarted = value[0] & 0x80 != 0
        survivesNotification = value[0] & 0x40 != 0
        restartTime = UInt16(value[0] & 0x0F) << 8 | UInt16(value[1])
        for start in stride(from: 2, to: value.count - 3, by: 4) {
            guard value[start] == 0, value[start + 2] == 1,
                let family = AddressFamily(rawValue: value[start + 1])
            else { continue }
            families.insert(FamilySet(family))
            // Named twice, the last word counts.
            if value[start + 3] & 0x80 != 0 {
                preserved.insert(FamilySet(family))
            } else {
                preserved.remove(FamilySet(family))
            }
        }
    }

    /// The capability's value.
    package var value: [UInt8] {
        let flags: UInt8 = (hasRestarted ? 0x80 : 0) | (survivesNotification ? 0x40 : 0)
        let time = min(restartTime, 0x0FFF)
        let head = [flags | UInt8(time >> 8), UInt8(truncatingIfNeeded: time)]
        return families.families.reduce(into: head) { value, family in
            value += [0, family.rawValue, 1, preserved.contains(family) ? 0x80 : 0]
        }
    }
}
