/// The first message of either side of a control socket.
///
/// Both programs may be of different versions: what is older than the common language says so here,
/// before anything that could be misread.
package struct ControlHello: Hashable, Sendable {
    /// The version of the language on the socket.
    package var version: UInt16
    /// True where the side that greets answers only what changes nothing.
    package var isRestricted: Bool

    /// The version that this program speaks.
    package static let currentVersion: UInt16 = 4

    /// The octets that every greeting begins with: `PGLS`.
    private static let magic: [UInt8] = [0x50, 0x47, 0x4C, 0x53]

    package init(version: UInt16 = ControlHello.currentVersion, isRestricted: Bool = false) {
        self.version = version
        self.isRestricted = isRestricted
    }
}

extension ControlHello: ControlCoded {
    package func write(to writer: inout ControlWriter) {
        for byte in Self.magic { writer.octet(byte) }
        writer.number(version)
        writer.flag(isRestricted)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let start = reader.offset
        for byte in Self.magic {
            guard try reader.octet() == byte else {
                throw .badValue(offset: start, type: "greeting")
            }
        }
        version = try reader.number()
        isRestricted = try reader.flag()
    }
}
