package import Addressing
package import Timekeeping

/// A value that travels over a control socket.
package protocol ControlCoded {
    /// Appends the value.
    func write(to writer: inout ControlWriter)

    /// Takes the value from the front of what is left.
    init(from reader: inout ControlReader) throws(ControlFault)
}

extension ControlCoded {
    /// The value's octets.
    package var encoded: [UInt8] {
        var writer = ControlWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// The value that all of `bytes` stand for.
    package init(encoded bytes: [UInt8]) throws(ControlFault) {
        var reader = ControlReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }
}

extension ControlCoded where Self: RawRepresentable, RawValue == UInt8 {
    package func write(to writer: inout ControlWriter) {
        writer.octet(rawValue)
    }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        let offset = reader.offset
        guard let value = Self(rawValue: try reader.octet()) else {
            throw .badValue(offset: offset, type: "\(Self.self)")
        }
        self = value
    }
}

extension IPAddress: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.address(self) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self = try reader.address()
    }
}

extension IPPrefix: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.prefix(self) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self = try reader.prefix()
    }
}

extension AddressFamily: ControlCoded {}

extension ASNumber: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.number(value) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(try reader.number())
    }
}

extension WallTime: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.signed(nanoseconds) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self.init(nanoseconds: try reader.signed())
    }
}

extension String: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.text(self) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self = try reader.text()
    }
}

extension UInt16: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.number(self) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self = try reader.number()
    }
}

extension UInt32: ControlCoded {
    package func write(to writer: inout ControlWriter) { writer.number(self) }

    package init(from reader: inout ControlReader) throws(ControlFault) {
        self = try reader.number()
    }
}
