package import Addressing

/// One number of a community, or what stands for it.
package enum CommunityPart: Hashable, Sendable {
    case value(UInt32)
    /// `*`: any number; only where communities are matched or deleted.
    case any
    case neighborAS
    case localAS
}

/// A community of one of the three kinds as written in a rule: a match, a deletion or an addition.
package enum CommunityPattern: Hashable, Sendable {
    /// RFC 1997: two numbers of 16 bits.
    case standard(CommunityPart, CommunityPart)
    /// RFC 8092: three numbers of 32 bits.
    case large(CommunityPart, CommunityPart, CommunityPart)
    /// RFC 4360.
    case extended(ExtendedCommunityPattern)
}

/// An extended community as written: `rt 65001:7`, `soo *`, `* *`, `ovs valid`.
package struct ExtendedCommunityPattern: Hashable, Sendable {
    /// The name of the subtype; nil for `*`.
    package var subtype: ExtendedSubtype?
    package var value: ExtendedValue

    package init(_ subtype: ExtendedSubtype?, _ value: ExtendedValue) {
        self.subtype = subtype
        self.value = value
    }
}

/// The value of an extended community as written.
package enum ExtendedValue: Hashable, Sendable {
    case any
    /// `AS:N` of a 2-octet AS.
    case twoOctetAS(CommunityPart, CommunityPart)
    /// `AS:N` of a 4-octet AS.
    case fourOctetAS(CommunityPart, CommunityPart)
    /// `A.B.C.D:N`.
    case address(IPAddress, CommunityPart)
    /// A number of 48 bits.
    case opaque(UInt64)
}
