import Addressing
import CLinux
import Glibc
import Speaker

extension cl_address {
    /// The address as the kernel's calls take it.
    init(_ address: IPAddress, port: UInt16, scope: UInt32 = 0) {
        self.init()
        self.port = port
        self.scope = scope
        length = UInt8(address.family.byteCount)
        withUnsafeMutableBytes(of: &bytes) { buffer in
            for index in 0..<address.family.byteCount { buffer[index] = address.byte(at: index) }
        }
    }

    /// The address as the core knows it; an IPv4 address mapped into IPv6 comes back as IPv4.
    var address: IPAddress? {
        withUnsafeBytes(of: bytes) { buffer in
            if length == 16, buffer[0..<10].allSatisfy({ $0 == 0 }), buffer[10] == 0xFF,
                buffer[11] == 0xFF
            {
                return IPAddress(bytes: buffer[12..<16])
            }
            return IPAddress(bytes: buffer.prefix(Int(length)))
        }
    }
}

extension LinkName {
    /// The interface with that number; its name is empty where there is none any more.
    init(index: UInt32) {
        var buffer = [CChar](repeating: 0, count: Int(IF_NAMESIZE) + 1)
        let name = if_indextoname(index, &buffer).map { String(cString: $0) }
        self.init(index: index, name: name ?? "")
    }
}
