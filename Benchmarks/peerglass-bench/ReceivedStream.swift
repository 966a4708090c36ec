import CLinux
import Foundation

/// What one session is sent: read in large pieces, cut into messages and counted where it lies.
///
/// The harness counts 20,000,000 prefixes of two hundred sessions beside the daemon on the same machine: nothing is
/// copied, decoded or kept.
final class ReceivedStream {
    let descriptor: Int32
    /// Prefixes that have been announced in UPDATEs without MP_REACH_NLRI.
    private(set) var announced = 0
    /// Of these, such that carry the community that was asked for.
    private(set) var marked = 0
    /// Octets that have come, and when the last did, in nanoseconds of the monotonic clock.
    private(set) var octets = 0
    private(set) var lastHeard = cl_monotonic_nanoseconds()
    /// The longest time between two arrivals since it was last set to 0.
    var longestSilence: Int64 = 0

    private let mark: UInt32?
    private let bytes: UnsafeMutablePointer<UInt8>
    private var fill = 0
    private static let capacity = 1 << 18

    /// - Parameter mark: the community whose carriers are counted apart; none is looked for where nil.
    init(_ descriptor: Int32, mark: UInt32? = nil) {
        self.descriptor = descriptor
        self.mark = mark
        bytes = .allocate(capacity: Self.capacity)
    }

    deinit { bytes.deallocate() }

    /// Reads what is there, at most one buffer; false where the session has ended.
    func read() -> Bool {
        let count = cl_read(descriptor, bytes + fill, Self.capacity - fill)
        if count < 0 { return count == -Int(EAGAIN) }
        if count == 0 { return false }
        let now = cl_monotonic_nanoseconds()
        longestSilence = max(longestSilence, now - lastHeard)
        lastHeard = now
        octets += count
        fill += count
        var start = 0
        while fill - start >= 19 {
            let length = Int(bytes[start + 16]) << 8 | Int(bytes[start + 17])
            guard length >= 19, fill - start >= length else { break }
            if bytes[start + 18] == 2 { note(start + 19, start + length) }
            start += length
        }
        if start > 0 {
            memmove(bytes, bytes + start, fill - start)
            fill -= start
        }
        return true
    }

    /// Counts the body of an UPDATE.
    private func note(_ start: Int, _ end: Int) {
        let list = start + 2 + (Int(bytes[start]) << 8 | Int(bytes[start + 1]))
        let attributes = list + 2
        var offset = attributes + (Int(bytes[list]) << 8 | Int(bytes[list + 1]))
        let listEnd = offset
        var prefixes = 0
        while offset < end {
            offset += 1 + (Int(bytes[offset]) + 7) >> 3
            prefixes += 1
        }
        announced += prefixes
        if let mark, prefixes > 0, hasCommunity(mark, attributes, listEnd) { marked += prefixes }
    }

    private func hasCommunity(_ community: UInt32, _ start: Int, _ end: Int) -> Bool {
        var offset = start
        while offset + 3 <= end {
            let isLong = bytes[offset] & 0x10 != 0
            let type = bytes[offset + 1]
            let length =
                isLong
                ? Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3]) : Int(bytes[offset + 2])
            let value = offset + (isLong ? 4 : 3)
            if type == 8 {
                return stride(from: value, to: value + length, by: 4).contains { place in
                    UnsafeRawPointer(bytes + place).loadUnaligned(as: UInt32.self).bigEndian
                        == community
                }
            }
            offset = value + length
        }
        return false
    }
}
