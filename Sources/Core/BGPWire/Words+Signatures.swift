package import Addressing

extension NotificationMessage {
    /// Code and subcode in OpenBGPD's words: `Cease, administratively down`.
    package var words: String { "" }
}

extension Capabilities {
    /// One line a capability as `show neighbor` prints them: `4-byte AS numbers`, ...
    package var lines: [String] { [] }
}

extension DownReason {
    /// A sentence that says who did what: `nothing from r2 for 90 s`.
    ///
    /// - Parameter neighbor: the neighbor's name or address.
    package func sentence(neighbor: String) -> String { "" }

    /// A form for narrow columns: `refused: nobody listens`.
    package var shortWords: String { "" }
}

/// The words of an errno of Linux, without a C library.
package enum SystemError {
    /// `Connection refused`, `No route to host`, ...; `error 523` for one that is not known.
    package static func words(_ errno: Int32) -> String { "" }
}

extension AttributeFault {
    /// What was wrong, for the log: `AS-Path: AS number 0`.
    package var words: String { "" }
}

extension AddressFamily {
    /// `IPv4 unicast` or `IPv6 unicast`.
    package var unicastName: String { self == .ipv4 ? "IPv4 unicast" : "IPv6 unicast" }
}

extension AttributeType {
    /// The attribute's name on the screen: `Communities`; nil for one that is not known.
    package var name: String? { nil }
}

/// Words for the values of attributes, made from canonical bytes when somebody looks.
package enum AttributeText {
    /// AS_PATH with four-octet numbers: `65001 { 1 2 } ( 3 4 ) [ 5 ]`; empty for an empty path.
    package static func asPath(_ value: Span<UInt8>) -> String { "" }
    /// `IGP`, `EGP`, `incomplete`.
    package static func origin(_ value: Span<UInt8>) -> String { "" }
    /// Standard communities: `65002:100`, `NO_EXPORT`.
    package static func communities(_ value: Span<UInt8>) -> [String] { [] }
    /// Extended communities: `rt 65002:7`.
    package static func extendedCommunities(_ value: Span<UInt8>) -> [String] { [] }
    /// Large communities: `65002:1:1`.
    package static func largeCommunities(_ value: Span<UInt8>) -> [String] { [] }
    /// AGGREGATOR with a four-octet number: `65002 [192.0.2.2]`.
    package static func aggregator(_ value: Span<UInt8>) -> String { "" }
    /// Any attribute's value by its type; unknown ones as `len N: xx xx`.
    package static func value(of type: AttributeType, _ value: Span<UInt8>) -> String { "" }
}

/// One field of a message taken apart for the screen.
package struct DecodedField: Hashable, Sendable {
    /// What the field is: `Hold time`.
    package var label: String
    /// Its value in words; what is wrong with it where it is malformed.
    package var value: String
    /// Its octets in the message, header included.
    package var range: Range<Int>
    /// True where the octets break the rules.
    package var isMalformed: Bool
    /// The fields that it consists of.
    package var children: [DecodedField]

    package init(
        label: String,
        value: String,
        range: Range<Int>,
        isMalformed: Bool = false,
        children: [DecodedField] = []
    ) {
        self.label = label
        self.value = value
        self.range = range
        self.isMalformed = isMalformed
        self.children = children
    }
}

/// Words for whole messages, header included, made from the raw bytes when somebody looks; never traps.
package enum MessageText {
    /// One line: `203.0.113.0/24 (+3)  path 65002 64500  communities 65002:100`.
    ///
    /// - Parameters:
    ///   - message: all octets of the message.
    ///   - fourOctetAS: AS numbers in AS_PATH take four octets in this session.
    package static func line(_ message: Span<UInt8>, fourOctetAS: Bool) -> String { "" }

    /// Every field of the message with its octets.
    ///
    /// - Parameters:
    ///   - message: all octets of the message.
    ///   - fourOctetAS: AS numbers in AS_PATH take four octets in this session.
    package static func fields(_ message: Span<UInt8>, fourOctetAS: Bool) -> [DecodedField] { [] }
}
