package import Addressing

/// The VRPs that are in force, laid out to answer what they say of a route.
///
/// A value: building one sorts and links the payloads; it is never changed after. Payloads that say
/// the same are one, the later expiry counts. Half a million take 36 bytes each.
package struct VRPTable: Sendable {
    private var entries: [VRP]
    private var index: CoveringIndex

    /// A table without payloads: every route is not-found.
    package init() {
        entries = []
        index = CoveringIndex()
    }

    /// The table of those payloads, in any order, duplicates allowed.
    package init(_ payloads: [VRP]) {
        self.init(sorted: payloads.isAscending ? payloads : payloads.sorted())
    }

    private init(sorted payloads: [VRP]) {
        var unique: [VRP] = []
        unique.reserveCapacity(payloads.count)
        for payload in payloads {
            guard let last = unique.last, last.saysTheSame(as: payload) else {
                unique.append(payload)
                continue
            }
            unique[unique.count - 1].expires = last.laterExpiry(payload)
        }
        entries = unique
        index = CoveringIndex(count: unique.count) { unique[$0].prefix }
    }

    /// The payloads, sorted by prefix, maximum length and origin.
    package var payloads: [VRP] { entries }

    /// How many payloads there are.
    package var count: Int { entries.count }

    /// True where there are no payloads.
    package var isEmpty: Bool { entries.isEmpty }

    /// Bytes that the table takes.
    package var byteCount: Int { entries.count * MemoryLayout<VRP>.stride + index.byteCount }

    /// What the payloads say of a route to `prefix` with that origin (RFC 6811 §2).
    package func validity(of prefix: IPPrefix, origin: RouteOrigin) -> OriginValidity {
        var verdict = OriginValidity.notFound
        index.forEachCovering(prefix, rows: { entries[$0].prefix }) { row in
            let entry = entries[row]
            verdict = .invalid
            guard case .autonomousSystem(let number) = origin, number == entry.origin,
                number.value != 0, prefix.length <= entry.maxLength
            else { return true }
            verdict = .valid
            return false
        }
        return verdict
    }

    /// The payloads that cover `prefix`, the most specific first: what explains a verdict.
    package func covering(_ prefix: IPPrefix) -> [VRP] {
        var found: [VRP] = []
        index.forEachCovering(prefix, rows: { entries[$0].prefix }) { row in
            found.append(entries[row])
            return true
        }
        return found
    }

    /// The earliest expiry in the table: when ``unexpired(at:)`` next makes a difference.
    package var nextExpiry: UInt64? {
        var next: UInt64?
        for entry in entries where entry.expires != 0 {
            next = min(next ?? entry.expires, entry.expires)
        }
        return next
    }

    /// The table without the payloads that have expired at that Unix time (seconds).
    package func unexpired(at seconds: UInt64) -> VRPTable {
        guard entries.contains(where: { $0.isExpired(at: seconds) }) else { return self }
        return VRPTable(sorted: entries.filter { !$0.isExpired(at: seconds) })
    }
}

extension VRPTable: Equatable {
    /// True where both hold the same payloads.
    package static func == (left: VRPTable, right: VRPTable) -> Bool {
        left.entries == right.entries
    }
}

extension VRP {
    fileprivate func isExpired(at seconds: UInt64) -> Bool {
        expires != 0 && expires <= seconds
    }

    fileprivate func laterExpiry(_ other: VRP) -> UInt64 {
        expires == 0 || other.expires == 0 ? 0 : max(expires, other.expires)
    }
}

extension [VRP] {
    /// True where nothing has to be sorted: files of rpki-client come so.
    fileprivate var isAscending: Bool {
        for index in indices.dropFirst() where self[index] < self[index - 1] { return false }
        return true
    }
}
