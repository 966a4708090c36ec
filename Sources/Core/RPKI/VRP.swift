package import Addressing

/// A Validated ROA Payload: that autonomous system may announce that prefix, down to that length (RFC 6811).
package struct VRP: Hashable, Sendable, BitwiseCopyable {
    /// The prefix of the ROA.
    package var prefix: IPPrefix
    /// The longest announced prefix length that the ROA allows.
    package var maxLength: UInt8
    /// The authorised origin; AS 0 authorises nobody (RFC 7607).
    package var origin: ASNumber
    /// Unix time in seconds from which on the payload is not used; 0 means that it never expires.
    package var expires: UInt64

    /// A payload; without a maximum length the prefix's own length is the longest.
    package init(
        prefix: IPPrefix,
        maxLength: UInt8? = nil,
        origin: ASNumber,
        expires: UInt64 = 0
    ) {
        self.prefix = prefix
        self.maxLength = maxLength ?? prefix.length
        self.origin = origin
        self.expires = expires
    }
}

extension VRP: Comparable {
    /// By prefix, then maximum length, then origin.
    package static func < (left: VRP, right: VRP) -> Bool {
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        if left.maxLength != right.maxLength { return left.maxLength < right.maxLength }
        return left.origin < right.origin
    }

    /// Same prefix, maximum length and origin: the same statement, whenever it expires.
    func saysTheSame(as other: VRP) -> Bool {
        prefix == other.prefix && maxLength == other.maxLength && origin == other.origin
    }
}

/// What origin validation found for a route (RFC 6811 §2).
@usableFromInline
package enum OriginValidity: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// No payload covers the prefix.
    case notFound = 0
    /// Some covering payload fits origin and length.
    case valid = 1
    /// Covered, and no covering payload fits.
    case invalid = 2

    /// The word of the configuration language and of `show`: `not-found`, `valid`, `invalid`.
    package var word: String {
        switch self {
        case .notFound: "not-found"
        case .valid: "valid"
        case .invalid: "invalid"
        }
    }
}

/// The origin of a route as RFC 6811 §2 defines it.
package enum RouteOrigin: Hashable, Sendable, BitwiseCopyable {
    /// The last AS of the last AS_SEQUENCE, or the own AS where the path is empty.
    case autonomousSystem(ASNumber)
    /// The path ends in an AS_SET: nobody can be authorised, so the route is never valid.
    case none
}
