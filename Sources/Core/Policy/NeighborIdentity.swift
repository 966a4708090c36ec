package import Addressing

/// What makes a neighbor or template the same one, in rules and in another configuration.
package struct NeighborIdentity: Hashable, Sendable, CustomStringConvertible {
    /// A template's is the first of its prefix.
    package var address: IPAddress
    /// The interface of a link-local address.
    package var scope: String?
    /// The length of a template's prefix; nil for a neighbor.
    package var templateLength: UInt8?

    package init(address: IPAddress, scope: String? = nil, templateLength: UInt8? = nil) {
        self.address = address
        self.scope = scope
        self.templateLength = templateLength
    }

    /// As the file has it: `192.0.2.1`, `fe80::1%eth0`, `10.0.0.0/8`.
    package var description: String {
        let scope = scope.map { "%\($0)" } ?? ""
        let length = templateLength.map { "/\($0)" } ?? ""
        return "\(address)\(scope)\(length)"
    }
}
